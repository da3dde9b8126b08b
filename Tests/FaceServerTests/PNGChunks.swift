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

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
