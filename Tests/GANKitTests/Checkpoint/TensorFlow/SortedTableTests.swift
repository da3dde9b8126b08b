// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct SortedTableTests {
    private func table(_ file: TableFile) throws -> SortedTable { try SortedTable(ByteView(copying: file.bytes)) }

    @Test(arguments: [true, false])
    func keysMayShareTheirBeginning(shares: Bool) throws {
        var file = TableFile([("", [1]), ("generator/a", [2, 3]), ("generator/ab", []), ("logits", [4])])
        file.sharesPrefixes = shares
        let table = try table(file)
        #expect(
            table.entries.map { String(decoding: $0.key, as: UTF8.self) } == [
                "", "generator/a", "generator/ab", "logits",
            ])
        let values = table.entries.map { Array(file.bytes[$0.value]) }
        #expect(values == [[1], [2, 3], [], [4]])
    }

    /// Reason, file, message.
    static let spoilt: [(String, TableFile, String)] = [
        ("compressed", changed { $0.compression = 1 }, "the index's blocks are compressed"),
        ("checksum", changed { $0.checksumError = 1 }, "of the index does not match its checksum"),
        ("descending keys", TableFile([("b", []), ("a", [])]), "the index's keys are not in ascending order at 'a'"),
        (
            "the same block again", changed { $0.blockCount = 2 },
            "the block at byte 0 of the index begins before the end of the one before, 13"
        ),
        ("equal keys", TableFile([("a", []), ("a", [])]), "the index's keys are not in ascending order at 'a'"),
    ]

    private static func changed(_ change: (inout TableFile) -> Void) -> TableFile {
        var file = TableFile([("a", [1])])
        change(&file)
        return file
    }

    @Test(arguments: spoilt.indices)
    func saysWhatIsWrong(index: Int) {
        let (reason, file, message) = Self.spoilt[index]
        let error = #expect(throws: CheckpointError.self) { try table(file) }
        #expect(error?.description.contains(message) == true, "\(reason): \(error.map(\.description) ?? "")")
    }

    @Test func blockBeyondTheFooter() {
        var bytes = TableFile([("a", [1])]).bytes
        // The footer begins with the handle of the block of meta-data.
        bytes.replaceSubrange(bytes.count - 48..<bytes.count - 46, with: [0xff, 0x7f])
        let error = #expect(throws: CheckpointError.self) { try SortedTable(ByteView(copying: bytes)) }
        #expect(error?.description.contains("exceeds the footer's offset") == true)
    }

    @Test func integersOfMoreThan64Bits() {
        for bytes: [UInt8] in [
            [UInt8](repeating: 0xff, count: 11), [UInt8](repeating: 0x80, count: 9) + [2], [0x80],
        ] {
            #expect(throws: CheckpointError.self) {
                var position = 0
                _ = try Varint.take(ByteView(copying: bytes), at: &position, end: bytes.count)
            }
        }
    }

    @Test func largestInteger() throws {
        var position = 0
        let largest = [UInt8](repeating: 0xff, count: 9) + [1]
        let value = try Varint.take(ByteView(copying: largest), at: &position, end: 10)
        #expect(value == .max)
    }

    /// RFC 3720 appendix B.4.
    static let checksums: [([UInt8], UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8a91_36aa), ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
        (Array(0..<32), 0x46dd_794e), (Array((0..<32).reversed()), 0x113f_db5c),
    ]

    @Test(arguments: checksums)
    func checksum(bytes: [UInt8], expected: UInt32) {
        #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == expected)
    }

    /// "123456789", the check value of CRC-32C in catalogues of checksums: 0xe3069283; nine bytes, one beyond a word.
    @Test func checksumOfAnOddLength() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32C.checksum($0) } == 0xe306_9283)
    }
}
