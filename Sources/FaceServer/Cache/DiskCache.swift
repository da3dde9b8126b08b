// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// Finished faces in a folder, which several processes may share, and which outlives them.
///
/// The guarantee:
/// - What comes out is what was put in, or nothing: every entry has a checksum, which is verified at each reading. A wrong
///   entry is removed, counted, and computed again by whoever asked.
/// - An entry is there completely or not at all, since it gets its name when it is complete. A crash of the machine may
///   leave an incomplete one, which the checksum tells.
/// - The folder holds at most `maxBytes`, counted in blocks of 4 KiB, and the entry that is being written; for each other
///   process that writes into it an eighth more. What was not used for the longest time goes first.
/// - No failure reaches a client. It is counted, and logged once for each kind of failure.
/// - No thread of Swift's pool waits for the disk: entries are read on `readers` and written on `writer`. At most
///   `maxPendingBytes` wait to be written; what comes beyond is not kept.
///
/// The lock guards the figures.
final class DiskCache: Sendable {
    /// A look at the cache from outside.
    struct Status: Sendable, Equatable {
        var count = 0
        var bytes = 0
    }

    private struct State {
        var status = Status()
        /// What this process has written since it last looked at the folder.
        var bytesSinceScan = 0
        var pendingBytes = 0
        var logged: Set<String> = []
    }

    private static let readerCount = 4
    private static let maxPendingBytes = 32 << 20
    private static let blockBytes = 4096
    /// A temporary file that is so old was left behind by a process that is no more.
    private static let maxTemporaryAge = 3600.0

    private let directory: String
    private let maxBytes: Int
    private let files: DiskFiles
    private let metrics: ServerMetrics
    private let logger: Logger
    private let readers: [DispatchQueue]
    private let writer = DispatchQueue(label: "faceserver.diskcache.writer", qos: .utility)
    private let state = Mutex(State())
    private let nextReader = Atomic(0)
    private let nextTemporary = Atomic(0)

    /// Makes the folder if it is not there, and looks at what it holds in the background.
    ///
    /// - Throws: `CommandFailure` when there is no such folder and none can be made. One that cannot be written to is all
    ///   right: another process may fill it.
    init(
        directory: String, maxBytes: Int, files: DiskFiles = DiskFiles(), metrics: ServerMetrics, logger: Logger
    ) throws {
        self.directory = directory
        self.maxBytes = maxBytes
        self.files = files
        self.metrics = metrics
        self.logger = logger
        readers = (0..<Self.readerCount).map { DispatchQueue(label: "faceserver.diskcache.reader.\($0)") }
        var isDirectory = false
        if !FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) || !isDirectory {
            do {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            } catch {
                throw CommandFailure("cache.directory is '\(directory)', which is no folder and cannot be made")
            }
        }
        writer.async { self.scan() }
    }

    var status: Status {
        state.withLock { $0.status }
    }

    /// The face of a key, if it is there.
    func value(for key: FaceKey) async -> [UInt8]? {
        let index = nextReader.wrappingAdd(1, ordering: .relaxed).oldValue & (Self.readerCount - 1)
        return await readers[index].run { self.read(key) }
    }

    /// Keeps a face. Returns before it is written.
    func insert(_ png: [UInt8], for key: FaceKey) {
        let isTaken = state.withLock { state in
            guard png.count <= maxBytes, state.pendingBytes + png.count <= Self.maxPendingBytes else { return false }
            state.pendingBytes += png.count
            return true
        }
        guard isTaken else { return }
        writer.async {
            self.write(png, key)
            self.state.withLock { $0.pendingBytes -= png.count }
        }
    }

    /// Returns when everything is written that was put in before.
    func drain() async {
        await writer.run {}
    }

    private func path(of key: FaceKey) -> String {
        "\(directory)/\(key.digest.prefix(2))/\(key.digest).png"
    }

    private func read(_ key: FaceKey) -> [UInt8]? {
        let path = path(of: key)
        var file: [UInt8]
        do {
            guard let found = try files.read(path) else { return nil }
            file = found
        } catch {
            report(.read, "\(error)", path)
            return nil
        }
        let bytes = file.count
        guard DiskCacheEntry.decode(&file, key: key) else {
            report(.corrupt, "the checksum is wrong", path)
            if files.remove(path) {
                account(-1, bytes)
            }
            return nil
        }
        files.touch(path)
        return file
    }

    private func write(_ png: [UInt8], _ key: FaceKey) {
        let file = DiskCacheEntry.encode(png, key: key)
        let number = nextTemporary.wrappingAdd(1, ordering: .relaxed).oldValue
        let random = UInt32.random(in: 0...UInt32.max)
        let temporary = "\(directory)/tmp/\(getpid())-\(number)-\(random)"
        let path = path(of: key)
        do {
            for folder in ["\(directory)/tmp", "\(directory)/\(key.digest.prefix(2))"] {
                guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                    throw DiskFiles.Failure(operation: "mkdir", code: errno)
                }
            }
            try files.write(file, temporary, path)
        } catch {
            report(.write, "\(error)", path)
            return
        }
        account(1, file.count)
        let isScanDue = state.withLock { state in
            state.bytesSinceScan += Self.blocks(file.count)
            return state.status.bytes > maxBytes || state.bytesSinceScan > maxBytes / 8
        }
        if isScanDue {
            scan()
        }
    }

    /// Looks at the folder, which other processes change too, and makes room if it holds too much.
    private func scan() {
        let now = Date().timeIntervalSince1970
        for item in files.list("\(directory)/tmp") where now - item.used > Self.maxTemporaryAge {
            _ = files.remove(item.path)
        }
        var items = (UInt8.min ... .max).flatMap { files.list("\(directory)/" + Hexadecimal.encode([$0])) }
        var total = items.reduce(0) { $0 + Self.blocks($1.bytes) }
        if total > maxBytes {
            items.sort { $0.used > $1.used }
            // A tenth more than needed, so that this is not done at each writing.
            while total > maxBytes - maxBytes / 10, let oldest = items.popLast() {
                total -= Self.blocks(oldest.bytes)
                if files.remove(oldest.path) {
                    metrics.recordCacheEviction(.disk)
                }
            }
        }
        state.withLock { state in
            state.status = Status(count: items.count, bytes: total)
            state.bytesSinceScan = 0
        }
    }

    /// A file came (1) or went (-1). What is wrong with this, as with a file that another process has written too, the
    /// next scan puts right.
    private func account(_ count: Int, _ bytes: Int) {
        state.withLock { state in
            state.status.count += count
            state.status.bytes += count * Self.blocks(bytes)
        }
    }

    private static func blocks(_ bytes: Int) -> Int {
        (bytes + blockBytes - 1) / blockBytes * blockBytes
    }

    /// Counts a failure, and logs the first of its kind: a full disk must not fill the log too.
    private func report(_ kind: CacheFault, _ reason: String, _ path: String) {
        metrics.recordCacheFault(kind)
        let isNew = state.withLock { $0.logged.insert("\(kind) \(reason)").inserted }
        if isNew {
            logger.warning(
                "the disk cache fails, which is logged once for each reason",
                metadata: ["operation": "\(kind.rawValue)", "reason": "\(reason)", "file": "\(path)"])
        }
    }
}
