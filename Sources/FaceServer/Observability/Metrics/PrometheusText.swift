// SPDX-License-Identifier: Apache-2.0

/// Builds a page in Prometheus's text exposition format 0.0.4.
struct PrometheusText {
    /// The media type of `text`.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The types of metric families that this program has.
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""

    /// Begins a family. Its samples follow at once.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        text += "\(name)\(Self.labels(labels)) \(Self.number(value))\n"
    }

    /// A whole family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        family(name, kind, help)
        sample(name, [], value)
    }

    mutating func counter<Label>(_ name: String, _ help: String, _ counter: Counter<Label>) {
        family(name, .counter, help)
        for (label, count) in counter.values {
            sample(name, [(Label.labelName, label.rawValue)], Double(count))
        }
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        family(name, .histogram, help)
        for (values, series) in histogram.values {
            let labels = zip(histogram.labelNames, values).map { (name: $0, value: $1) }
            // The format's buckets are cumulative.
            var count = 0
            for (index, bucket) in series.counts.enumerated() {
                count += bucket
                let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
                sample("\(name)_bucket", labels + [("le", bound)], Double(count))
            }
            sample("\(name)_sum", labels, series.sum)
            sample("\(name)_count", labels, Double(count))
        }
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else {
            return ""
        }
        let pairs = labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// Backslash and line feed are escaped everywhere, the quote in label values only.
    static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whole numbers without a point; NaN and the infinities as Go writes them.
    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) {
            return String(whole)
        }
        return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
    }
}
