// SPDX-License-Identifier: Apache-2.0

extension ConfigurationValues {
    /// What stands in place of a secret.
    static let redacted = "(redacted)"

    /// The effective configuration as a file that can be read again but for its secrets, each key with its origin.
    var yaml: String {
        var lines: [String] = []
        var section = ""
        for entry in entries {
            let parts = entry.key.name.split(separator: ".", maxSplits: 1).map(String.init)
            if parts[0] != section {
                section = parts[0]
                lines.append("\(section):")
            }
            lines.append("  \(parts[1]): \(Self.yamlValue(entry))  # \(Self.oneLine(entry.origin.description))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same for programs: an object of keys, each with its value as text (or a list of texts), the kind of its origin
    /// and, where there is one, the variable's or the file's name.
    var json: String {
        let members = entries.map { entry in
            let value =
                entry.key.isList
                ? "[\(Self.members(entry).map(LogFormat.quoted).joined(separator: ", "))]"
                : LogFormat.quoted(Self.shown(entry))
            let origin =
                switch entry.origin {
                case .flag: #""origin": "flag""#
                case .environment(let name): #""origin": "environment", "variable": \#(LogFormat.quoted(name))"#
                case .file(let path): #""origin": "file", "path": \#(LogFormat.quoted(path))"#
                case .default: #""origin": "default""#
                }
            return "  \(LogFormat.quoted(entry.key.name)): {\"value\": \(value), \(origin)}"
        }
        return "{\n\(members.joined(separator: ",\n"))\n}\n"
    }

    private static func yamlValue(_ entry: Entry) -> String {
        entry.key.isList
            ? "[\(members(entry).map(yamlScalar).joined(separator: ", "))]" : yamlScalar(shown(entry))
    }

    private static func members(_ entry: Entry) -> [String] {
        entry.text.isEmpty ? [] : shown(entry).split(separator: ",").map { $0.trimmingSpaces() }
    }

    private static func shown(_ entry: Entry) -> String {
        entry.key.isSecret && !entry.text.isEmpty ? redacted : entry.text
    }

    /// Plain where nothing in the text means something to YAML, else in the double quotes that JSON and YAML share.
    private static func yamlScalar(_ text: String) -> String {
        let isPlain =
            text.first.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "/" || $0 == ".") } == true
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "-", "_", "+": true
                default: false
                }
            }
        return isPlain ? text : LogFormat.quoted(text)
    }

    private static func oneLine(_ text: String) -> String {
        String(LogFormat.quoted(text).dropFirst().dropLast())
    }
}

extension StringProtocol {
    /// Without the spaces at both ends.
    func trimmingSpaces() -> String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
