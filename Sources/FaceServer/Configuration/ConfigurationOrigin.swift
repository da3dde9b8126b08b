// SPDX-License-Identifier: Apache-2.0

/// Where the value of a key came from.
enum ConfigurationOrigin: Sendable, Equatable {
    case flag
    /// The variable that was set, which may be a short name.
    case environment(variable: String)
    case file(path: String)
    case `default`
}

extension ConfigurationOrigin: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag: "flag"
        case .environment(let variable): "environment \(variable)"
        case .file(let path): "file \(path)"
        case .default: "default"
        }
    }
}
