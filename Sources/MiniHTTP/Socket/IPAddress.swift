// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv4 or IPv6 address. An IPv4 address is kept in its IPv6 form (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2), so
/// that a client is the same address whichever way it came.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 128 bits.
    let bits: UInt128

    init(bits: UInt128) {
        self.bits = bits
    }

    /// Parses `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; nil for anything else, zones and brackets included.
    public init?(_ text: some StringProtocol) {
        // The longest text of an address; inet_pton takes a C string, which would end at a NUL.
        let bytes = Array(text.utf8)
        guard bytes.count < Int(INET6_ADDRSTRLEN), !bytes.contains(0) else { return nil }
        let characters = (bytes + [0]).map { CChar(bitPattern: $0) }
        var ipv4 = in_addr()
        var ipv6 = in6_addr()
        if inet_pton(AF_INET, characters, &ipv4) == 1 {
            bits = Self.ipv4Prefix | UInt128(UInt32(bigEndian: ipv4.s_addr))
        } else if inet_pton(AF_INET6, characters, &ipv6) == 1 {
            bits = withUnsafeBytes(of: &ipv6) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
        } else {
            return nil
        }
    }

    private static let ipv4Prefix: UInt128 = 0xFFFF << 32

    /// Whether this is an IPv4 address.
    public var isIPv4: Bool { bits >> 32 == 0xFFFF }

    /// The address that stands for all of one client's: itself for IPv4, the first of its /64 for IPv6, since the
    /// smallest network that a client is given has 2^64 addresses (RFC 6177).
    public var client: IPAddress {
        isIPv4 ? self : IPAddress(bits: bits & ~UInt128(UInt64.max))
    }

    /// `192.0.2.1` or `2001:db8::1`.
    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let text: UnsafePointer<CChar>?
            if isIPv4 {
                var address = in_addr(s_addr: UInt32(truncatingIfNeeded: bits).bigEndian)
                text = inet_ntop(AF_INET, &address, buffer.baseAddress, socklen_t(buffer.count))
            } else {
                var address = bits.bigEndian
                text = inet_ntop(AF_INET6, &address, buffer.baseAddress, socklen_t(buffer.count))
            }
            return text.map { String(cString: $0) } ?? ""
        }
    }
}
