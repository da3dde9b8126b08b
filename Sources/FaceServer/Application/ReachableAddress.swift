// SPDX-License-Identifier: Apache-2.0

/// Where to connect to reach a server that listens on an address: the wildcard addresses stand for all of this
/// machine's, and are not for connecting to.
struct ReachableAddress: CustomStringConvertible {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        switch host {
        case "0.0.0.0": self.host = "127.0.0.1"
        case "::": self.host = "::1"
        default: self.host = host
        }
        self.port = port
    }

    /// As in a URL (RFC 3986 section 3.2): "127.0.0.1:8080", "[::1]:8080".
    var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
