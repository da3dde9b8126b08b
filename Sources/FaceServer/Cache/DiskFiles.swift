// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the disk cache asks of the file system. All of it may block. Tests replace parts, because a full disk is hard to
/// come by.
struct DiskFiles: Sendable {
    /// A system call that failed.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let operation: String
        let code: Int32

        var description: String { "\(operation): \(String(cString: strerror(code)))" }
    }

    /// A file of the cache.
    struct Item: Sendable {
        let path: String
        let bytes: Int
        /// Seconds since 1970; when it was written or last used.
        let used: Double
    }

    /// The content of a file, or nil when there is none.
    var read: @Sendable (_ path: String) throws -> [UInt8]? = Self.readFile
    /// Writes a file under another name and gives it its own when it is complete. Leaves nothing behind on failure.
    var write: @Sendable (_ bytes: [UInt8], _ temporary: String, _ path: String) throws -> Void = Self.writeFile
    /// Notes that a file was used. Failure means nothing.
    var touch: @Sendable (_ path: String) -> Void = { utimensat(AT_FDCWD, $0, nil, 0) }
    /// Removes a file and tells whether it was there.
    var remove: @Sendable (_ path: String) -> Bool = { unlink($0) == 0 }
    /// The regular files in a folder; none when it cannot be read.
    var list: @Sendable (_ folder: String) -> [Item] = Self.listFolder
}

extension DiskFiles {
    /// No face is so large, so this is some other file, which must not fill the memory.
    private static let maxFileBytes = 256 << 20

    private static func readFile(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(operation: "open", code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(operation: "fstat", code: errno) }
        let size = Int(status.st_size)
        guard size <= maxFileBytes else { throw Failure(operation: "read", code: EFBIG) }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if result < 0, errno == EINTR { continue }
                code = result < 0 ? errno : 0
                // Cut short meanwhile: the checksum will tell.
                guard result > 0 else { return }
                count += result
            }
        }
        guard code == 0 else { throw Failure(operation: "read", code: code) }
        return bytes
    }

    private static func writeFile(_ bytes: [UInt8], _ temporary: String, _ path: String) throws {
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(operation: "open", code: errno) }
        do {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let failure = Failure(operation: "rename", code: errno)
            unlink(temporary)
            throw failure
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        let code = DescriptorOutput.write(&rest, to: descriptor)
        if code != 0 {
            throw Failure(operation: "write", code: code)
        }
    }

    private static func listFolder(_ folder: String) -> [Item] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var items: [Item] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            var status = stat()
            guard fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            items.append(
                Item(
                    path: folder + "/" + name, bytes: Int(status.st_size),
                    used: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9))
        }
        return items
    }
}
