// SPDX-License-Identifier: Apache-2.0

/// The members of a zip archive that are stored as they are (APPNOTE.TXT of PKWARE, version 6.3): all that `torch.save`
/// writes. Nothing is unpacked: a member is a stretch of the mapped file.
///
/// Every offset and length is checked against the file, local headers against the central directory, and members
/// against each other, so that no two of them share a byte. The CRC-32 of members is not checked, since `torch.save`
/// can be told not to compute it.
struct ZipArchive: Sendable {
    let file: ByteView
    /// Where the bytes of each member lie in `file`, by its name.
    let members: [String: Range<Int>]

    /// The mark of a local header, with which an archive begins.
    static let localHeader: UInt32 = 0x0403_4b50
    private static let localHeaderSize = 30

    /// - Throws: `CheckpointError`
    init(_ file: ByteView) throws {
        self.file = file
        let directory = try ZipDirectory(file)
        var members: [String: Range<Int>] = [:]
        var extents: [(range: Range<Int>, name: String)] = []
        for entry in directory.entries {
            let start = try Self.dataOffset(of: entry, in: file, limit: directory.offset)
            let (end, overflow) = start.addingReportingOverflow(entry.size)
            guard !overflow, end <= directory.offset else {
                throw CheckpointError.malformed(
                    detail: "member \(entry.name.quoted): offset \(start) + \(entry.size) bytes exceeds the central "
                        + "directory's offset \(directory.offset)")
            }
            extents.append((entry.headerOffset..<end, entry.name))
            guard members.updateValue(start..<end, forKey: entry.name) == nil else {
                throw CheckpointError.malformed(detail: "member \(entry.name.quoted) occurs twice")
            }
        }
        extents.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(extents, extents.dropFirst()) where second.range.lowerBound < first.range.upperBound
        {
            throw CheckpointError.malformed(
                detail: "members \(first.name.quoted) and \(second.name.quoted) overlap at byte "
                    + "\(second.range.lowerBound)")
        }
        self.members = members
    }

    /// A member's bytes.
    func bytes(_ name: String) -> ByteView? {
        members[name].map(file.slice)
    }

    /// Where a member's bytes begin, behind its local header, which has to agree with the central directory.
    private static func dataOffset(of entry: ZipDirectory.Entry, in file: ByteView, limit: Int) throws -> Int {
        let offset = entry.headerOffset
        guard offset <= limit, limit - offset >= localHeaderSize,
            file.littleEndian(UInt32.self, at: offset) == localHeader
        else {
            throw CheckpointError.malformed(detail: "member \(entry.name.quoted): no local header at byte \(offset)")
        }
        let method = file.littleEndian(UInt16.self, at: offset + 8)
        let nameLength = Int(file.littleEndian(UInt16.self, at: offset + 26))
        let extraLength = Int(file.littleEndian(UInt16.self, at: offset + 28))
        let nameOffset = offset + localHeaderSize
        guard nameLength + extraLength <= limit - nameOffset else {
            throw CheckpointError.malformed(
                detail: "member \(entry.name.quoted): its local header exceeds the central directory's offset \(limit)")
        }
        guard method == 0, file.bytes[nameOffset..<nameOffset + nameLength].elementsEqual(entry.name.utf8) else {
            throw CheckpointError.malformed(
                detail: "member \(entry.name.quoted): its local header differs from the central directory")
        }
        return nameOffset + nameLength + extraLength
    }
}
