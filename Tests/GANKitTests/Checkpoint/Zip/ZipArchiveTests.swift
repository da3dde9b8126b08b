// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct ZipArchiveTests {
    private func archive(_ file: ZipFile) throws -> ZipArchive { try ZipArchive(ByteView(copying: file.bytes)) }

    private static let two = ZipFile([ZipFile.Member("a/b", [1, 2, 3]), ZipFile.Member("c", [4])])

    private func contents(_ archive: ZipArchive, _ name: String) -> [UInt8]? {
        archive.bytes(name).map { Array($0.bytes) }
    }

    @Test func membersAreStretchesOfTheFile() throws {
        let archive = try archive(Self.two)
        #expect(archive.members.keys.sorted() == ["a/b", "c"])
        #expect(contents(archive, "a/b") == [1, 2, 3])
        #expect(contents(archive, "c") == [4])
        #expect(archive.bytes("d") == nil)
    }

    @Test func alignmentCommentFoldersAnd64Bits() throws {
        var file = Self.two
        file.members[0].isAligned = true
        file.members.append(ZipFile.Member("folder/", []))
        file.comment = Array("PK\u{5}\u{6} is the mark of an end".utf8)
        file.hasWideEnd = true
        // Only the 64-bit end has these.
        (file.count, file.directorySize, file.directoryOffset) = (0xffff, 0xffff_ffff, 0xffff_ffff)
        let archive = try archive(file)
        #expect(archive.members.keys.sorted() == ["a/b", "c"])
        #expect(archive.members["a/b"]?.lowerBound == 64)
        #expect(contents(archive, "a/b") == [1, 2, 3])
    }

    @Test func membersOf64Bits() throws {
        var file = Self.two
        file.members[1].size = 0xffff_ffff
        file.members[1].headerOffset = 0xffff_ffff
        // Some other field, then that of ZIP64: size, stored size, offset of the second local header (30 + 3 + 3).
        file.members[1].centralExtra =
            [9, 0, 1, 0, 7, 1, 0, 24, 0]
            + [UInt8](littleEndian: UInt64(1)) + [UInt8](littleEndian: UInt64(1)) + [UInt8](littleEndian: UInt64(36))
        #expect(contents(try archive(file), "c") == [4])
        file.members[1].centralExtra.removeLast()
        #expect(throws: CheckpointError.self) { try self.archive(file) }
    }

    static let spoilt = [
        SpoiltZip("compressed", "member 'c' is compressed, which torch.save never does") { $0.members[1].method = 8 },
        SpoiltZip("encrypted", "member 'c' is encrypted") { $0.members[1].flags = 1 },
        SpoiltZip("local header of another name", "its local header differs from the central directory") {
            $0.members[1].localName = "d"
        },
        SpoiltZip("same name twice", "member 'a/b' occurs twice") { $0.members[1] = ZipFile.Member("a/b", [5]) },
        SpoiltZip("data beyond the directory", "exceeds the central directory's offset") {
            $0.members[1].size = 1_000_000
        },
        SpoiltZip("sizes that differ", "member 'c' is stored in 2 bytes and has 1") {
            $0.members[1].compressedSize = 2
        },
        SpoiltZip("header at the end of the file", "no local header at byte 4000000") {
            $0.members[1].headerOffset = 4_000_000
        },
        SpoiltZip("header in the middle of another", "no local header at byte 1") { $0.members[1].headerOffset = 1 },
        SpoiltZip("64 bits without the field", "member 'c' has no valid ZIP64 field") {
            $0.members[1].size = 0xffff_ffff
        },
        SpoiltZip("64 bits beyond Int", "member 'c' has no valid ZIP64 field") {
            $0.members[1].headerOffset = 0xffff_ffff
            $0.members[1].centralExtra = [1, 0, 8, 0] + [UInt8](repeating: 0xff, count: 8)
        },
        SpoiltZip("absolute path", "refused the member name '/etc/passwd'") { $0.members[1].name = "/etc/passwd" },
        SpoiltZip("path upwards", "refused the member name 'a/../../b'") { $0.members[1].name = "a/../../b" },
        SpoiltZip("backslash", "refused the member name 'a\\b'") { $0.members[1].name = "a\\b" },
        SpoiltZip("zero byte", "refused the member name 'a\\u{0}'") { $0.members[1].name = "a\0" },
        SpoiltZip("no name", "refused the member name ''") { $0.members[1].name = "" },
        SpoiltZip("long name", "refused the member name") { $0.members[1].name = String(repeating: "x", count: 600) },
        SpoiltZip("fewer members than announced", "no entry 2 of the central directory") { $0.count = 3 },
        SpoiltZip("more members than announced", "the central directory ends at byte") { $0.count = 1 },
        SpoiltZip("directory beyond the file", "exceeds the byte") { $0.directorySize = 0xffff_fff0 },
        SpoiltZip("directory at the end", "exceeds the byte") { $0.directoryOffset = 0xffff_fff0 },
        SpoiltZip("split archive", "the zip archive is split over several files") { $0.disk = 3 },
        SpoiltZip("64-bit end elsewhere", "no ZIP64 end of the central directory at byte 7") {
            $0.hasWideEnd = true
            $0.wideOffset = 7
        },
        SpoiltZip("64-bit end nowhere", "no ZIP64 end of the central directory at byte 18446744073709551615") {
            $0.hasWideEnd = true
            $0.wideOffset = .max
        },
    ]

    @Test(arguments: spoilt)
    func saysWhatIsWrong(_ row: SpoiltZip) {
        var file = Self.two
        row.spoil(&file)
        let error = #expect(throws: CheckpointError.self) { try archive(file) }
        #expect(error?.description.contains(row.message) == true, "\(error.map(\.description) ?? "")")
    }

    @Test func overlapIsFoundWhereNamesDiffer() throws {
        // The second member's bytes hold the local header and the bytes of the third.
        let inner = ZipFile([ZipFile.Member("in", [9, 9])]).bytes.prefix(34)
        var file = ZipFile([ZipFile.Member("out", Array(inner)), ZipFile.Member("in", [])])
        file.members[1].size = 2
        file.members[1].headerOffset = 33
        let error = #expect(throws: CheckpointError.self) { try archive(file) }
        #expect(error?.description == "members 'out' and 'in' overlap at byte 33")
    }

    @Test func somethingThatIsNoArchive() {
        for bytes: [UInt8] in [[], [0x50, 0x4b, 3, 4], [UInt8](repeating: 0, count: 100)] {
            #expect(
                throws: CheckpointError.malformed(detail: "the zip archive has no end of its central directory")
            ) { try ZipArchive(ByteView(copying: bytes)) }
        }
    }
}
