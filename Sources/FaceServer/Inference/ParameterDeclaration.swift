// SPDX-License-Identifier: Apache-2.0

/// One parameter as the interface declares it. The same declaration parses values, words the errors and, being
/// plain data, can describe the interface to others.
struct ParameterDeclaration: Sendable {
    /// The form and bounds of a parameter's values.
    enum Form: Sendable {
        /// Decimal digits only; leading zeros are harmless.
        case integer(ClosedRange<Int>)
        /// A plain decimal as `FixedDecimal` reads it.
        case decimal(ClosedRange<FixedDecimal>)
        /// Two decimals as `PictureOffset` reads them, each within the bounds.
        case offset(ClosedRange<FixedDecimal>)
        /// One of a few words, case and all.
        case choice([String])
        /// A number of seconds, or a number with a unit.
        case duration(ClosedRange<Duration>)
        /// A list of at most so many seeds, as numbers and ranges.
        case seeds(maxCount: Int)
        /// Seeds with dashes between them.
        case way(counts: ClosedRange<Int>)
        /// true or false; the name alone is true.
        case flag
        /// Layers of a model that has so many, as numbers and ranges.
        case layers(count: Int)
        /// Steps along directions: so many by their ranks, some by their names, of a model of so many layers.
        case edits(count: Int, names: [String], layers: Int)
        /// Any text of at most so many bytes of UTF-8.
        case text(maxBytes: Int)
        /// No value is allowed, because of the model that is served.
        case unavailable(because: String)
    }

    /// Where a parameter stands.
    enum Place: Sendable {
        case path
        case query
    }

    /// A value that has passed its declaration.
    enum Value: Equatable, Sendable {
        case integer(Int)
        case decimal(FixedDecimal)
        case offset(PictureOffset)
        case choice(String)
        case duration(Duration)
        case seeds([UInt32])
        case flag(Bool)
        case layers(LayerSet)
        case edits([FaceEdit])
        case text(String)
    }

    let name: String
    /// What the parameter does, in one sentence.
    let summary: String
    let form: Form
    var isRequired = false
    var place = Place.query

    /// Whether there are values at all.
    var isAvailable: Bool {
        if case .unavailable = form { false } else { true }
    }

    /// What is accepted, as a noun phrase: "an integer from 0 to 4294967295".
    var allowed: String {
        switch form {
        case .integer(let bounds):
            "an integer from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .decimal(let bounds):
            "a decimal number from \(bounds.lowerBound) to \(bounds.upperBound), such as 0.7"
        case .offset(let bounds):
            "two decimal numbers from \(bounds.lowerBound) to \(bounds.upperBound), such as 0.3,-0.1"
        case .choice(let words):
            "one of " + words.joined(separator: ", ")
        case .duration(let bounds):
            "a duration from \(DurationText.format(bounds.lowerBound)) to \(DurationText.format(bounds.upperBound)), "
                + "such as 500ms or 5s"
        case .seeds(let maxCount):
            "at most \(maxCount) integers from 0 to \(UInt32.max), such as 0-9,42"
        case .way(let counts):
            "\(counts.lowerBound) to \(counts.upperBound) integers from 0 to \(UInt32.max) with dashes between them, "
                + "such as 1-2-3"
        case .flag:
            "true or false"
        case .layers(let count):
            "layers from 0 to \(count - 1), such as 0-3,\(count - 1)"
        case .edits(let count, let names, let layers):
            "steps such as 3:2.5,0:-1:0-6, each along "
                + ((count > 0 ? ["a direction from 0 to \(count - 1)"] : []) + names).joined(separator: " or ")
                + ", from \(FaceEdit.strengthBounds.lowerBound) to \(FaceEdit.strengthBounds.upperBound) far, in all "
                + "layers or in a range of 0 to \(layers - 1)"
        case .text(let maxBytes):
            "1 to \(maxBytes) bytes of UTF-8 text"
        case .unavailable(let because):
            "no such parameter, because \(because)"
        }
    }

    func error(_ value: String?, _ reason: ParameterError.Reason) -> ParameterError {
        ParameterError(parameter: name, value: value, allowed: allowed, reason: reason)
    }
}
