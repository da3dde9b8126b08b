// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import Synchronization

/// A regular file mapped read-only for as long as this object lives.
///
/// The file must not be cut short meanwhile: touching a page that is gone raises SIGBUS, as with every mapping.
/// Replacing a checkpoint by renaming another file over it is safe.
///
/// `@unchecked Sendable` because the mapping is never written and the digest is behind a `Mutex`.
public final class MappedFile: @unchecked Sendable {
    /// As given.
    let path: String
    /// The content of the file.
    let bytes: UnsafeRawBufferPointer
    private let digest = Mutex<String?>(nil)

    /// Maps a file, which must be a regular one and not empty.
    ///
    /// - Throws: `CheckpointError`.
    public init(path: String) throws {
        self.path = path
        // O_NONBLOCK: opening a FIFO would wait for a writer before fstat can tell that it is one.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw CheckpointError.io(operation: "cannot open", errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw CheckpointError.io(operation: "cannot read the file's size", errno: errno)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw CheckpointError.io(operation: "cannot open", errno: EISDIR)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError.unknownFormat(detail: "not a regular file")
        }
        guard status.st_size > 0 else {
            throw CheckpointError.unknownFormat(detail: "the file is empty")
        }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw CheckpointError.io(operation: "cannot map the file", errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// The SHA-256 of the content in lower-case hexadecimal: computed at the first call, remembered afterwards.
    public var sha256: String {
        digest.withLock { known in
            if let known { return known }
            let computed = computeSHA256()
            known = computed
            return computed
        }
    }

    private func computeSHA256() -> String {
        let chunkSize = 4 << 20  // a multiple of every page size
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: chunkSize) {
            let chunk = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + chunkSize, bytes.count)])
            hash.update(bufferPointer: chunk)
            // Else hashing makes the whole file resident.
            dropPages(of: chunk)
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Drops the pages that lie within `part` of the file from this process. They stay in the page cache, and a reader
    /// that touches them meanwhile only faults them in again.
    func dropPages(of part: UnsafeRawBufferPointer) {
        guard let start = part.baseAddress, let first = bytes.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let offset = start - first
        let lower = (offset + page - 1) / page * page
        let upper = offset + part.count == bytes.count ? bytes.count : (offset + part.count) / page * page
        guard lower < upper else { return }
        madvise(UnsafeMutableRawPointer(mutating: first + lower), upper - lower, MADV_DONTNEED)
    }
}
