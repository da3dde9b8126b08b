// SPDX-License-Identifier: Apache-2.0

/// The central directory of a zip archive, of 32 or 64 bits.
struct ZipDirectory {
    /// One member.
    struct Entry {
        let name: String
        let headerOffset: Int
        let size: Int
    }

    let entries: [Entry]
    /// Where the directory begins; all members lie before.
    let offset: Int

    private static let entryMark: UInt32 = 0x0201_4b50
    private static let entrySize = 46
    private static let zip64ExtraField = 1
    /// More members and longer names than any checkpoint has.
    private static let maxEntries = 100_000
    private static let maxNameBytes = 512

    init(_ file: ByteView) throws {
        let end = try ZipDirectoryEnd(file)
        guard end.entryCount <= Self.maxEntries else {
            throw CheckpointError.malformed(
                detail: "\(end.entryCount) members exceed the bound of \(Self.maxEntries)")
        }
        offset = end.directory.lowerBound
        var position = offset
        var entries: [Entry] = []
        for index in 0..<end.entryCount {
            let (entry, length) = try Self.entry(index, at: position, of: file, limit: end.directory.upperBound)
            position += length
            // A folder.
            if let entry { entries.append(entry) }
        }
        guard position == end.directory.upperBound else {
            throw CheckpointError.malformed(
                detail: "the central directory ends at byte \(position), \(end.directory.upperBound) expected")
        }
        self.entries = entries
    }

    /// - Returns: the entry, or nil for a folder, and the bytes that it takes in the directory
    private static func entry(
        _ index: Int, at offset: Int, of file: ByteView, limit: Int
    ) throws -> (entry: Entry?, length: Int) {
        guard limit - offset >= entrySize, file.littleEndian(UInt32.self, at: offset) == entryMark else {
            throw CheckpointError.malformed(detail: "no entry \(index) of the central directory at byte \(offset)")
        }
        func short(_ place: Int) -> Int { Int(file.littleEndian(UInt16.self, at: offset + place)) }
        func long(_ place: Int) -> Int { Int(file.littleEndian(UInt32.self, at: offset + place)) }

        let (nameLength, extraLength, commentLength) = (short(28), short(30), short(32))
        let length = entrySize + nameLength + extraLength + commentLength
        guard length <= limit - offset else {
            throw CheckpointError.malformed(
                detail: "entry \(index) of the central directory: offset \(offset) + \(length) bytes exceeds its end "
                    + "\(limit)")
        }
        let name = try name(file, offset + entrySize..<offset + entrySize + nameLength)
        guard short(8) & 1 == 0 else {
            throw CheckpointError.unsupported(detail: "member \(name.quoted) is encrypted")
        }
        guard short(10) == 0 else {
            throw CheckpointError.unsupported(
                detail: "member \(name.quoted) is compressed, which torch.save never does")
        }
        let wide = try wideFields(
            [long(24), long(20), long(42)], file: file,
            extra: offset + entrySize + nameLength..<offset + entrySize + nameLength + extraLength, name: name)
        guard wide[0] == wide[1] else {
            throw CheckpointError.malformed(
                detail: "member \(name.quoted) is stored in \(wide[1]) bytes and has \(wide[0])")
        }
        guard short(34) == 0 else {
            throw CheckpointError.unsupported(detail: "member \(name.quoted) lies in another file of a split archive")
        }
        if name.hasSuffix("/") { return (nil, length) }
        return (Entry(name: name, headerOffset: wide[2], size: wide[0]), length)
    }

    /// A relative path without steps upwards.
    private static func name(_ file: ByteView, _ range: Range<Int>) throws -> String {
        guard range.count <= maxNameBytes, let name = String(validating: file.bytes[range], as: UTF8.self),
            !name.isEmpty, !name.hasPrefix("/"), !name.utf8.contains(0), !name.contains("\\"),
            !name.split(separator: "/").contains("..")
        else {
            throw CheckpointError.refused(detail: "refused the member name \(file.quotedText(range))")
        }
        return name
    }

    /// Replaces the fields that are all ones by those of the ZIP64 extra field, which holds just these, in order.
    private static func wideFields(
        _ fields: [Int], file: ByteView, extra: Range<Int>, name: String
    ) throws -> [Int] {
        guard fields.contains(0xffff_ffff) else { return fields }
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let identifier = Int(file.littleEndian(UInt16.self, at: position))
            let length = Int(file.littleEndian(UInt16.self, at: position + 2))
            position += 4
            guard length <= extra.upperBound - position else { break }
            if identifier == zip64ExtraField {
                var place = position
                let wide = fields.map { field -> Int? in
                    guard field == 0xffff_ffff else { return field }
                    guard position + length - place >= 8 else { return nil }
                    defer { place += 8 }
                    return Int(exactly: file.littleEndian(UInt64.self, at: place))
                }
                let known = wide.compactMap { $0 }
                if known.count == fields.count { return known }
                break
            }
            position += length
        }
        throw CheckpointError.malformed(detail: "member \(name.quoted) has no valid ZIP64 field")
    }
}
