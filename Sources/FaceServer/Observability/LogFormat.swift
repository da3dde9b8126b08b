// SPDX-License-Identifier: Apache-2.0

import Logging

/// How a log line is written: for people, or for programs.
enum LogFormat: String, CaseIterable, Sendable {
    /// "2026-01-31T12:00:00.000Z info request bytes=0 path=/ ..."
    case text
    /// One JSON object a line.
    case json

    /// One line with its line feed. Whatever a client managed to get into message or metadata, it is one line of
    /// printable characters, and in JSON an object of the given members.
    func line(time: String, level: Logger.Level, message: String, metadata: Logger.Metadata) -> String {
        let members = metadata.sorted { $0.key < $1.key }
        switch self {
        case .text:
            let parts = members.map { " \(Self.bare($0.key))=\(Self.bare(Self.json($0.value)))" }
            // The message is a sentence, so its spaces need no quotes.
            let sentence = Self.quoted(message).dropFirst().dropLast()
            return "\(time) \(level) \(sentence)\(parts.joined())\n"
        case .json:
            let head = [("time", time), ("level", level.rawValue), ("message", message)]
            let parts =
                head.map { "\(Self.quoted($0)):\(Self.quoted($1))" }
                + members.map { "\(Self.quoted($0.key)):\(Self.json($0.value))" }
            return "{\(parts.joined(separator: ","))}\n"
        }
    }

    /// Numbers stay numbers; everything else that is no list is text.
    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text):
            quoted(text)
        case .stringConvertible(let number) where number is Int || number is FixedDecimal:
            number.description
        case .stringConvertible(let other):
            quoted(other.description)
        case .array(let values):
            "[\(values.map(json).joined(separator: ","))]"
        case .dictionary(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ","))}"
        }
    }

    /// Without the quotes where nothing in `json` needs them.
    private static func bare(_ json: String) -> String {
        let inner = json.hasPrefix("\"") ? json.dropFirst().dropLast() : json[...]
        let needsQuotes =
            inner.isEmpty
            || inner.utf8.contains { byte in
                byte == UInt8(ascii: " ") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\\")
            }
        return needsQuotes ? json : String(inner)
    }

    /// RFC 8259 section 7. Beyond what JSON demands, every character is escaped that a terminal or an editor would act
    /// on or not show: controls, format characters (which may turn the direction of writing), other line ends.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                default: quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
