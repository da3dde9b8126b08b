// SPDX-License-Identifier: Apache-2.0

/// The chunks of a PNG file, read without libpng (PNG specification, section 5.3).
struct PNGChunks {
    private var chunks: [(type: String, data: [UInt8])] = []

    /// Stops at what is not a chunk.
    init(_ file: [UInt8]) {
        guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return }
        var rest = file.dropFirst(8)
        while rest.count >= 12 {
            let length = Self.number(rest.prefix(4))
            guard length <= rest.count - 12 else { return }
            let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
            chunks.append((type, Array(rest.dropFirst(8).prefix(length))))
            rest = rest.dropFirst(12 + length)
        }
    }

    /// Width and height.
    var size: [Int] {
        guard let header = chunks.first, header.type == "IHDR", header.data.count == 13 else { return [] }
        return [Self.number(header.data[0..<4]), Self.number(header.data[4..<8])]
    }

    /// How many chunks of a type there are.
    func count(of type: String) -> Int {
        chunks.count { $0.type == type }
    }

    /// "keyword=text" of each `tEXt` chunk.
    var texts: [String] {
        chunks.filter { $0.type == "tEXt" }.map { chunk in
            chunk.data.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "=")
        }
    }

    /// The frames of an APNG, each as a PNG of its own. All are to be as large as the picture.
    var frames: [[UInt8]] {
        guard let header = chunks.first?.data else { return [] }
        return chunks.filter { ["IDAT", "fdAT"].contains($0.type) }.map { type, data in
            // The data of an fdAT come after a number of four bytes.
            let pixels = type == "IDAT" ? data : Array(data.dropFirst(4))
            let parts = [("IHDR", header), ("IDAT", pixels), ("IEND", [])]
            return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + parts.flatMap(Self.chunk)
        }
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + data
        return bytes(UInt32(clamping: data.count)) + checked + bytes(crc32(checked))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// PNG specification, annex D.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
