// SPDX-License-Identifier: Apache-2.0

/// Why a configuration is refused.
enum ConfigurationError: Error, Equatable {
    /// The file cannot be read, or is not YAML with a mapping at its top.
    case unreadableFile(path: String, detail: String)
    /// The file has a key that does not exist.
    case unknownKey(String, path: String, suggestion: String?)
    /// An environment variable has the program's prefix and is none of its own.
    case unknownVariable(String, suggestion: String?)
    /// A key's value is not allowed. A secret's value is nil, so that it gets into no log.
    case badValue(key: String, value: String?, allowed: String)
    /// A key has a list where one value belongs.
    case notOneValue(key: String, allowed: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One clause without a final stop.
    var description: String {
        switch self {
        case .unreadableFile(let path, let detail):
            "\(path): \(detail)"
        case .unknownKey(let key, let path, let suggestion?):
            "\(path): unknown key '\(key)', did you mean '\(suggestion)'?"
        case .unknownKey(let key, let path, nil):
            "\(path): unknown key '\(key)'"
        case .unknownVariable(let name, let suggestion?):
            "unknown environment variable '\(name)', did you mean '\(suggestion)'?"
        case .unknownVariable(let name, nil):
            "unknown environment variable '\(name)'"
        case .badValue(let key, let value?, let allowed):
            "\(key) is '\(value)', expected \(allowed)"
        case .badValue(let key, nil, let allowed):
            "\(key) is not as it should be: expected \(allowed)"
        case .notOneValue(let key, let allowed):
            "\(key) is a list, expected \(allowed)"
        }
    }
}
