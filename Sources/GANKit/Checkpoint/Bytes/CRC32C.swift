// SPDX-License-Identifier: Apache-2.0

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), eight bytes at a time by tables.
enum CRC32C {
    private static let polynomial: UInt32 = 0x82f6_3b78  // reflected

    /// `tables[k * 256 + b]`: the checksum's change by byte b with k zero bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { value, _ in
                value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial
            }
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = previous >> 8 ^ tables[Int(previous & 0xff)]
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc = ~UInt32(0)
            var index = 0
            while index + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(crc)
                crc = 0
                for place in 0..<8 {
                    crc ^= tables[(7 - place) * 256 + Int(word >> UInt64(8 * place) & 0xff)]
                }
                index += 8
            }
            while index < bytes.count {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xff)]
                index += 1
            }
            return ~crc
        }
    }

    /// The form in which LevelDB and TensorFlow store a checksum, so that data which holds checksums of itself can be
    /// checksummed.
    static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let crc = checksum(bytes)
        return (crc >> 15 | crc << 17) &+ 0xa282_ead8
    }
}
