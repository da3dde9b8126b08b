// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// What holds of the reader of TensorFlow checkpoints for any index. Checksums would keep changed bytes from everything
/// behind them, so that the bytes are also taken for one block of a table that is made around them.
enum TensorBundleProperty {
    private static let data = ByteView(copying: [UInt8](repeating: 0, count: 64))

    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let block = Array(bytes)
        // An index block of one entry: key "~", and the handle of the block of data.
        let place: [UInt8] = [0, 1, UInt8(varint(0).count + varint(block.count).count), UInt8(ascii: "~")]
        let index = place + varint(0) + varint(block.count) + [0, 0, 0, 0, 1, 0, 0, 0]
        return violation(inIndex: block)
            ?? violation(inIndex: table(first: block, second: index, index: .second))
            ?? violation(inIndex: table(first: block, second: [0, 0, 0, 0, 0, 0, 0, 0], index: .first))
    }

    private static func violation(inIndex index: [UInt8]) -> String? {
        let index = ByteView(copying: index)
        let violation = CheckpointProperty.attempt { Self.violation(in: try SortedTable(index), of: index) }
        return violation
            ?? CheckpointProperty.violation(byteCount: index.count + data.count) {
                try TensorBundleReader.read(index) { _, _ in data }
            }
    }

    private static func violation(in table: SortedTable, of index: ByteView) -> String? {
        for (first, second) in zip(table.entries, table.entries.dropFirst())
        where !first.key.lexicographicallyPrecedes(second.key) {
            return "keys are not in ascending order"
        }
        guard table.entries.allSatisfy({ $0.value.upperBound <= index.count }) else {
            return "a value lies beyond the index"
        }
        return nil
    }

    private enum Block {
        case first, second
    }

    /// Two blocks with their checksums, and the footer that says which of them is the index.
    private static func table(first: [UInt8], second: [UInt8], index: Block) -> [UInt8] {
        var file: [UInt8] = []
        var handles: [[UInt8]] = []
        for block in [first, second] {
            handles.append(varint(file.count) + varint(block.count))
            let typed = block + [0]
            file += typed + littleEndian(typed.withUnsafeBytes { CRC32C.masked($0) })
        }
        let footer = handles[1] + (index == .first ? handles[0] : handles[1])
        return file + footer + [UInt8](repeating: 0, count: 40 - footer.count) + littleEndian(SortedTable.magic)
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
    }

    private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
