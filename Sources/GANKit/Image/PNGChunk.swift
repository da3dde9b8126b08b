// SPDX-License-Identifier: Apache-2.0

import CZlib

/// The chunks that a PNG file consists of (PNG specification, section 5.3).
enum PNGChunk {
    /// What each file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// A chunk: length, type, data, CRC.
    ///
    /// - Parameters:
    ///   - type: four letters
    ///   - data: less than 2 GiB
    static func encode(_ type: String, _ data: [UInt8] = []) -> [UInt8] {
        precondition(data.count <= Int32.max && type.utf8.count == 4, "\(type): \(data.count) bytes")
        var chunk: [UInt8] = []
        chunk.reserveCapacity(data.count + 12)
        chunk += bigEndian(UInt32(data.count))
        chunk += type.utf8
        chunk += data
        let crc = chunk.withUnsafeBytes { chunk in
            crc32(0, chunk.baseAddress.map { $0.assumingMemoryBound(to: UInt8.self) + 4 }, UInt32(data.count + 4))
        }
        return chunk + bigEndian(UInt32(truncatingIfNeeded: crc))
    }

    static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    static func bigEndian(_ number: UInt16) -> [UInt8] {
        [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }
}
