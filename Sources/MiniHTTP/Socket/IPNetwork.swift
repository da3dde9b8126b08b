// SPDX-License-Identifier: Apache-2.0

/// A range of addresses in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    private let first: IPAddress
    /// Of the IPv6 form: 96 more than an IPv4 prefix.
    private let prefixLength: Int

    /// Parses `10.0.0.0/8`, `2001:db8::/32`, or an address, which is a network of one. nil for anything else: also for
    /// an address with bits beyond the prefix (`10.0.0.1/8`), of which nobody can tell what was meant.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        // '::ffff:10.0.0.0/104' is written in IPv6's terms, as its text is.
        let isIPv4 = !parts[0].contains(":")
        let width = isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy(ASCII.isDigit), let number = Int(parts[1]),
                number <= width
            else { return nil }
            length = number
        }
        prefixLength = isIPv4 ? length + 96 : length
        first = address
        guard Self.mask(address, prefixLength) == address.bits else { return nil }
    }

    /// Whether the address lies within.
    public func contains(_ address: IPAddress) -> Bool {
        Self.mask(address, prefixLength) == first.bits
    }

    /// `10.0.0.0/8`
    public var description: String {
        first.isIPv4 && prefixLength >= 96 ? "\(first)/\(prefixLength - 96)" : "\(first)/\(prefixLength)"
    }

    private static func mask(_ address: IPAddress, _ length: Int) -> UInt128 {
        // A shift by the full width gives 0.
        address.bits & (UInt128.max << (128 - length))
    }
}
