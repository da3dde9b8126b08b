// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Who a request counts for.
enum ClientIdentity: Hashable, Sendable {
    /// The holder of an API key, from wherever.
    case key(String)
    /// A network, as `network(of:)` names it.
    case network(String)

    /// The part of an address that stands for one client: an IPv4 address as a whole, and the first 64 bits of an IPv6
    /// address, since a single subscriber is given that many addresses at least (RFC 6177). Text that is no address
    /// stands for itself.
    static func network(of host: String) -> String {
        var address = in6_addr()
        guard host.contains(":"), inet_pton(AF_INET6, host, &address) == 1 else {
            return host
        }
        let prefix = withUnsafeBytes(of: address) { bytes in
            stride(from: 0, to: 8, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
        }
        return prefix.joined(separator: ":") + "::/64"
    }
}
