// SPDX-License-Identifier: Apache-2.0

/// The record at the end of a zip archive that says where the central directory is, and its 64-bit form.
struct ZipDirectoryEnd {
    let directory: Range<Int>
    let entryCount: Int

    private static let mark: UInt32 = 0x0605_4b50
    private static let size = 22
    private static let longestComment = 0xffff
    private static let wideLocatorMark: UInt32 = 0x0706_4b50
    private static let wideLocatorSize = 20
    private static let wideMark: UInt32 = 0x0606_4b50
    private static let wideSize = 56

    init(_ file: ByteView) throws {
        guard let end = Self.find(file) else {
            throw CheckpointError.malformed(detail: "the zip archive has no end of its central directory")
        }
        var limit = end
        var count = UInt64(file.littleEndian(UInt16.self, at: end + 10))
        var size = UInt64(file.littleEndian(UInt32.self, at: end + 12))
        var offset = UInt64(file.littleEndian(UInt32.self, at: end + 16))
        let disks = [4, 6].map { file.littleEndian(UInt16.self, at: end + $0) }
        guard disks.allSatisfy({ $0 == 0 || $0 == 0xffff }) else {
            throw CheckpointError.unsupported(detail: "the zip archive is split over several files")
        }
        if let wide = try Self.findWide(file, before: end) {
            limit = wide
            count = file.littleEndian(UInt64.self, at: wide + 32)
            size = file.littleEndian(UInt64.self, at: wide + 40)
            offset = file.littleEndian(UInt64.self, at: wide + 48)
        }
        guard let start = Int(exactly: offset), let length = Int(exactly: size), let entries = Int(exactly: count),
            start <= limit, length <= limit - start
        else {
            throw CheckpointError.malformed(
                detail: "central directory: offset \(offset) + \(size) bytes exceeds the byte \(limit) where it ends")
        }
        directory = start..<start + length
        entryCount = entries
    }

    /// The last place where a record fits whose comment ends with the file.
    private static func find(_ file: ByteView) -> Int? {
        guard file.count >= size else { return nil }
        let last = file.count - size
        for offset in stride(from: last, through: max(0, last - longestComment), by: -1)
        where file.littleEndian(UInt32.self, at: offset) == mark
            && Int(file.littleEndian(UInt16.self, at: offset + 20)) == last - offset
        {
            return offset
        }
        return nil
    }

    /// The 64-bit record, if a locator right before the other one points to it.
    private static func findWide(_ file: ByteView, before end: Int) throws -> Int? {
        let locator = end - wideLocatorSize
        guard locator >= 0, file.littleEndian(UInt32.self, at: locator) == wideLocatorMark else { return nil }
        let offset = file.littleEndian(UInt64.self, at: locator + 8)
        guard let record = Int(exactly: offset), record <= locator, locator - record >= wideSize,
            file.littleEndian(UInt32.self, at: record) == wideMark
        else {
            throw CheckpointError.malformed(detail: "no ZIP64 end of the central directory at byte \(offset)")
        }
        return record
    }
}
