// SPDX-License-Identifier: Apache-2.0

/// A table of keys and values in the format of LevelDB (https://github.com/google/leveldb/blob/main/doc/table_format.md),
/// which the index of a TensorFlow checkpoint is: blocks of entries whose keys share prefixes, an index block with the
/// place of each, and a footer with the place of the index.
///
/// Every block's CRC-32C is checked before its entries are looked at. Compressed blocks are refused: TensorFlow writes none.
struct SortedTable {
    /// In the order of the file, which has to be ascending.
    let entries: [(key: [UInt8], value: Range<Int>)]

    static let footerSize = 48
    static let magic: UInt64 = 0xdb47_7524_8b80_fb57
    /// Type and checksum behind each block.
    private static let trailerSize = 5
    /// More than any checkpoint has; keys are names of variables.
    private static let maxEntries = 100_000
    private static let maxKeyBytes = 4_096
    /// Copied keys in all, since a prefix costs two bytes in the file whatever its length.
    private static let maxKeyBytesInAll = 64 << 20

    /// Whether a file ends as a table does.
    static func isTable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= footerSize
            && UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)) == magic
    }

    init(_ file: ByteView) throws {
        guard Self.isTable(file.bytes) else {
            throw CheckpointError.malformed(detail: "the index does not end with the mark of a table")
        }
        let footer = file.count - Self.footerSize
        var position = footer
        // The first handle is that of a block of meta-data, which TensorFlow leaves empty.
        _ = try Self.handle(file, at: &position, end: file.count - 8, limit: footer)
        let index = try Self.handle(file, at: &position, end: file.count - 8, limit: footer)
        var entries: [(key: [UInt8], value: Range<Int>)] = []
        var budget = Self.maxKeyBytesInAll
        var previous = 0..<0
        for place in try Self.block(index, of: file, budget: &budget) {
            var position = place.value.lowerBound
            let handle = try Self.handle(file, at: &position, end: place.value.upperBound, limit: footer)
            // Else a few bytes of the index block would each cost the checksum of a large one.
            guard handle.lowerBound >= previous.upperBound else {
                throw CheckpointError.malformed(
                    detail:
                        "the block at byte \(handle.lowerBound) of the index begins before the end of the one before, "
                        + "\(previous.upperBound)")
            }
            previous = handle
            entries += try Self.block(handle, of: file, budget: &budget)
            guard entries.count <= Self.maxEntries else {
                throw CheckpointError.malformed(detail: "the index has more than \(Self.maxEntries) entries")
            }
        }
        for (first, second) in zip(entries, entries.dropFirst())
        where !first.key.lexicographicallyPrecedes(second.key) {
            throw CheckpointError.malformed(
                detail: "the index's keys are not in ascending order at "
                    + String(decoding: second.key, as: UTF8.self).quoted)
        }
        self.entries = entries
    }

    /// Where a block lies: its offset and size.
    private static func handle(
        _ file: ByteView, at position: inout Int, end: Int, limit: Int
    ) throws -> Range<Int> {
        let offset = try Varint.take(file, at: &position, end: end)
        let size = try Varint.take(file, at: &position, end: end)
        guard let start = Int(exactly: offset), let count = Int(exactly: size), start <= limit,
            count <= limit - start - trailerSize
        else {
            throw CheckpointError.malformed(
                detail: "a block of the index: offset \(offset) + \(size) bytes exceeds the footer's offset \(limit)")
        }
        return start..<start + count
    }

    /// The entries of a block: each has the lengths of the shared part of its key, of the rest, and of the value.
    private static func block(
        _ range: Range<Int>, of file: ByteView, budget: inout Int
    ) throws -> [(key: [UInt8], value: Range<Int>)] {
        let checked = UnsafeRawBufferPointer(rebasing: file.bytes[range.lowerBound..<range.upperBound + 1])
        let stored = file.littleEndian(UInt32.self, at: range.upperBound + 1)
        guard CRC32C.masked(checked) == stored else {
            throw CheckpointError.malformed(
                detail: "the block at byte \(range.lowerBound) of the index does not match its checksum")
        }
        guard file.bytes[range.upperBound] == 0 else {
            throw CheckpointError.unsupported(detail: "the index's blocks are compressed")
        }
        guard range.count >= 4 else {
            throw CheckpointError.malformed(detail: "the block at byte \(range.lowerBound) of the index is too short")
        }
        let restarts = Int(file.littleEndian(UInt32.self, at: range.upperBound - 4))
        guard restarts <= (range.count - 4) / 4 else {
            throw CheckpointError.malformed(
                detail: "the block at byte \(range.lowerBound) of the index has \(restarts) restarts in "
                    + "\(range.count) bytes")
        }
        let end = range.upperBound - 4 - 4 * restarts
        var position = range.lowerBound
        var entries: [(key: [UInt8], value: Range<Int>)] = []
        var key: [UInt8] = []
        while position < end {
            let start = position
            let shared = try Varint.take(file, at: &position, end: end)
            let own = try Varint.take(file, at: &position, end: end)
            let length = try Varint.take(file, at: &position, end: end)
            guard shared <= key.count, own <= end - position, shared + own <= maxKeyBytes,
                length <= UInt64(end - position) - own
            else {
                throw CheckpointError.malformed(detail: "the entry at byte \(start) of the index exceeds its block")
            }
            key.removeLast(key.count - Int(shared))
            key += file.bytes[position..<position + Int(own)]
            position += Int(own)
            budget -= key.count
            guard budget >= 0, entries.count < maxEntries else {
                throw CheckpointError.malformed(
                    detail: "the index's names have more than \(maxKeyBytesInAll) bytes or \(maxEntries) entries")
            }
            entries.append((key, position..<position + Int(length)))
            position += Int(length)
        }
        return entries
    }
}
