// SPDX-License-Identifier: Apache-2.0

import Configuration

/// The environment variables that are the program's: `FACESERVER_` and a key's name (`http.maxConnections` is
/// `FACESERVER_HTTP_MAX_CONNECTIONS`), and some short names.
enum ConfigurationEnvironment {
    /// The program's own, of which all its variables are.
    static let section = "faceserver"
    static let prefix = section.uppercased() + "_"
    /// Names the configuration file.
    static let fileVariable = "FACESERVER_CONFIG"
    /// Short names by key. The full ones win over them.
    static let aliases = ["http.port": "PORT", "model.path": "FACESERVER_MODEL"]

    /// The key whose variable is the short name of another; where there is none, a key that has no variable.
    static func alias(of key: AbsoluteConfigKey) -> AbsoluteConfigKey {
        let variable = aliases[key.description] ?? ""
        return AbsoluteConfigKey(ConfigKey(variable.lowercased().split(separator: "_").map(String.init)))
    }

    /// The variable of a key.
    static func variable(for key: String) -> String {
        var name = prefix
        var previous: Character = "_"
        for character in key {
            if character.isUppercase, previous.isLowercase {
                name += "_"
            }
            name += character == "." ? "_" : character.uppercased()
            previous = character
        }
        return name
    }

    /// The variables that mean something to the program.
    ///
    /// An empty variable counts as unset, as in `PORT=${PORT:-}` of a compose file. Kubernetes' variables for a service
    /// that is called like the program are left out.
    ///
    /// - Throws: `ConfigurationError.unknownVariable` for a name with the prefix that is none of the program's, which is
    ///   most likely a mistyped one.
    static func recognised(in environment: [String: String]) throws -> [String: String] {
        let known = ConfigurationKeys.all.map { variable(for: $0.name) } + aliases.values + [fileVariable]
        var recognised: [String: String] = [:]
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            guard aliases.values.contains(name) || name.hasPrefix(prefix), !isServiceLink(name, value) else {
                continue
            }
            guard known.contains(name) else {
                // Most of all a section is left out: FACESERVER_PORT.
                let longer = known.first { $0.hasSuffix(name.dropFirst(prefix.count - 1)) }
                throw ConfigurationError.unknownVariable(
                    name, suggestion: longer ?? NearestName.of(name, among: known))
            }
            recognised[name] = value
        }
        return recognised
    }

    /// Whether a variable is one of those that Kubernetes (and Docker's links before it) sets in every container for a
    /// service called `faceserver` or `faceserver-...`: `_SERVICE_HOST`, `_SERVICE_PORT`, `_SERVICE_PORT_HTTP`, `_PORT`
    /// with a URL such as tcp://10.0.0.1:80, `_PORT_8080_TCP` and, after that, `_PROTO`, `_PORT` and `_ADDR`.
    static func isServiceLink(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix(prefix) else {
            return false
        }
        if name.wholeMatch(of: #/FACESERVER_(?:[A-Z0-9_]+_)?SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)/#) != nil {
            return true
        }
        let portPattern = #/FACESERVER_(?:[A-Z0-9_]+_)?PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?/#
        if name.wholeMatch(of: portPattern) != nil {
            return true
        }
        return name.hasSuffix("_PORT") && value.wholeMatch(of: #/(?:tcp|udp|sctp)://.+:[0-9]+/#) != nil
    }
}
