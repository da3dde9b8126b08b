// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One end of a TCP connection: a numeric IPv4 or IPv6 address and a port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in numeric form, such as `192.0.2.1` or `2001:db8::1`. An IPv4 address that came in over an IPv6
    /// socket (`::ffff:192.0.2.1`) is given as IPv4.
    public let host: String
    /// The port.
    public let port: Int

    /// Makes an address of text that is not checked.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `192.0.2.1:80` or `[2001:db8::1]:80`.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The address without the port; nil when the host is a name.
    public var ipAddress: IPAddress? { IPAddress(host) }

    /// Reads what the kernel filled in; nil for a family that is not IP.
    init?(_ storage: sockaddr_storage) {
        let found: (host: String, port: in_port_t)? = withUnsafeBytes(of: storage) { address in
            switch Int32(storage.ss_family) {
            case AF_INET:
                var ipv4 = address.loadUnaligned(as: sockaddr_in.self)
                return Self.text(AF_INET, &ipv4.sin_addr).map { ($0, ipv4.sin_port) }
            case AF_INET6:
                var ipv6 = address.loadUnaligned(as: sockaddr_in6.self)
                return Self.text(AF_INET6, &ipv6.sin6_addr).map { ($0, ipv6.sin6_port) }
            default:
                return nil
            }
        }
        guard let found else { return nil }
        let mapped = "::ffff:"
        let isMapped = found.host.hasPrefix(mapped) && found.host.contains(".")
        host = isMapped ? String(found.host.dropFirst(mapped.count)) : found.host
        port = Int(UInt16(bigEndian: found.port))
    }

    private static func text(_ family: Int32, _ address: UnsafeRawPointer) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            inet_ntop(family, address, buffer.baseAddress, socklen_t(buffer.count)).map { String(cString: $0) }
        }
    }
}
