// SPDX-License-Identifier: Apache-2.0

/// Percent-decoding (RFC 3986 section 2.1) that refuses what it cannot decode to text.
enum PercentEncoding {
    /// Why a component cannot be decoded, naming the bytes at fault.
    struct DecodingError: Error, Equatable {
        let detail: String
    }

    /// Decodes a component. `plusIsSpace` is the rule of `application/x-www-form-urlencoded` queries.
    ///
    /// A broken escape, `%00` (which would cut strings short in C code further down) and octets that are not UTF-8
    /// throw.
    static func decode(
        _ component: Substring.UTF8View, plusIsSpace: Bool = false
    ) throws(DecodingError) -> String {
        if !component.contains(where: { $0 == ASCII.percent || ($0 == ASCII.plus && plusIsSpace) }) {
            return String(Substring(component))
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(component.count)
        var index = component.startIndex
        while index != component.endIndex {
            let byte = component[index]
            index = component.index(after: index)
            guard byte == ASCII.percent else {
                decoded.append(byte == ASCII.plus && plusIsSpace ? ASCII.space : byte)
                continue
            }
            let digits = component[index...].prefix(2)
            let values = digits.compactMap(ASCII.hexValue)
            guard values.count == 2 else {
                let escape = String(decoding: digits, as: UTF8.self)
                throw DecodingError(detail: "'%\(escape)' is not a percent-escape; '%' needs two hexadecimal digits")
            }
            let octet = values[0] << 4 | values[1]
            guard octet != 0 else {
                throw DecodingError(detail: "'%00' is not allowed")
            }
            decoded.append(octet)
            index = digits.endIndex
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw DecodingError(
                detail: "the percent-escapes of '\(String(decoding: component, as: UTF8.self))' are not UTF-8")
        }
        return text
    }
}
