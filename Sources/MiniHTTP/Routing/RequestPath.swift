// SPDX-License-Identifier: Apache-2.0

/// The segments of a request path, as routes see them.
struct RequestPath: Equatable {
    /// Percent-decoded, dot segments resolved; `/` is one empty segment. A segment may hold a decoded `/`, which
    /// never separates.
    let segments: [String]

    /// Throws 400 for escapes that cannot be decoded.
    init(_ path: String) throws(HTTPError) {
        var segments: [String] = []
        // The path starts with '/', so what stands before the first separator is empty.
        let raw = path.utf8.dropFirst().split(separator: ASCII.slash, omittingEmptySubsequences: false)
        for (index, component) in raw.enumerated() {
            let segment: String
            do {
                segment = try PercentEncoding.decode(component)
            } catch {
                throw HTTPError(.badRequest, detail: "path: \(error.detail)")
            }
            // RFC 3986 section 5.2.4, after section 6.2.2.2: '%2e' is '.'. Above the root there is nothing.
            let isLast = index == raw.count - 1
            switch segment {
            case ".":
                if isLast { segments.append("") }
            case "..":
                _ = segments.popLast()
                if isLast { segments.append("") }
            default:
                segments.append(segment)
            }
        }
        self.segments = segments
    }
}
