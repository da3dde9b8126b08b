// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(1))) struct DiskCacheTests {
    private let folder = TemporaryFolder()
    private let metrics = ServerMetrics()
    private let log = Log()

    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    private var directory: String { folder.path + "/cache" }

    private func cache(maxBytes: Int = 1 << 30, files: DiskFiles = DiskFiles()) throws -> DiskCache {
        try DiskCache(
            directory: directory, maxBytes: maxBytes, files: files, metrics: metrics,
            logger: Logger(label: "test") { [log] _ in
                LineLogHandler(format: .text) { line in log.lines.withLock { $0.append(line) } }
            })
    }

    private func key(_ seed: UInt32) -> FaceKey {
        FaceKey(
            model: ModelIdentity(name: "a", sha256: "b"),
            parameters: FaceParameters(seed: seed, truncation: FixedDecimal(millionths: 0)))
    }

    private func path(_ key: FaceKey) -> String {
        "\(directory)/\(key.digest.prefix(2))/\(key.digest).png"
    }

    private func png(_ seed: UInt32, count: Int = 1000) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Int(seed) + $0) }
    }

    private func files() -> [String] {
        FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String }
            .filter { $0.contains("/") }.sorted() ?? []
    }

    private func faults(_ kind: CacheFault) -> Int {
        metrics.cacheFaults.values.first { $0.label == kind }?.count ?? 0
    }

    @Test func entrySurvivesTheProcess() async throws {
        let first = try cache()
        first.insert(png(1), for: key(1))
        await first.drain()
        let second = try cache()
        #expect(await second.value(for: key(1)) == png(1))
        #expect(await second.value(for: key(2)) == nil)
        await second.drain()
        #expect(second.status == .init(count: 1, bytes: 4096), "what was there counts")
    }

    @Test func fileBeginsWithThePictureAndStandsAlone() async throws {
        let cache = try cache()
        cache.insert(png(1), for: key(1))
        await cache.drain()
        #expect(files() == [String(path(key(1)).dropFirst(directory.count + 1))], "no temporary file is left")
        let file = try Data(contentsOf: URL(fileURLWithPath: path(key(1))))
        #expect(Array(file.prefix(1000)) == png(1))
        #expect(file.count == 1000 + DiskCacheEntry.trailerBytes)
    }

    @Test func severalProcessesShareTheFolder() async throws {
        let (first, second) = (try cache(), try cache())
        first.insert(png(1), for: key(1))
        second.insert(png(1), for: key(1))
        second.insert(png(2), for: key(2))
        await first.drain()
        await second.drain()
        #expect(await first.value(for: key(2)) == png(2))
        #expect(await second.value(for: key(1)) == png(1))
        #expect(files().count == 2)
    }

    @Test func manyWritersLeaveWholeEntries() async throws {
        let caches = try (0..<4).map { _ in try cache() }
        await withTaskGroup { group in
            for cache in caches {
                group.addTask {
                    for seed in 0..<50 as Range<UInt32> {
                        cache.insert(png(seed), for: key(seed))
                        let found = await cache.value(for: key(seed))
                        #expect(found == nil || found == png(seed))
                    }
                    await cache.drain()
                }
            }
        }
        for seed in 0..<50 as Range<UInt32> {
            #expect(await caches[0].value(for: key(seed)) == png(seed))
        }
        #expect(faults(.corrupt) == 0)
        #expect(faults(.write) == 0)
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout Data) -> Void
    }

    @Test(arguments: [
        Damage(testDescription: "a changed byte") { $0[500] ^= 1 },
        Damage(testDescription: "a changed checksum") { $0[1001] ^= 1 },
        Damage(testDescription: "a changed mark") { $0[$0.count - 1] ^= 1 },
        Damage(testDescription: "cut within the picture") { $0 = $0.prefix(300) },
        Damage(testDescription: "cut within the trailer") { $0 = $0.dropLast() },
        Damage(testDescription: "empty, as after a crash of the machine") { $0 = Data() },
        Damage(testDescription: "zeros, as after a crash of the machine") { $0 = Data(count: $0.count) },
        Damage(testDescription: "longer") { $0.append(0) },
    ])
    func damagedEntryIsRemovedAndWrittenAnew(_ damage: Damage) async throws {
        let cache = try cache()
        cache.insert(png(1), for: key(1))
        await cache.drain()
        var data = try Data(contentsOf: URL(fileURLWithPath: path(key(1))))
        damage.apply(&data)
        try data.write(to: URL(fileURLWithPath: path(key(1))))

        #expect(await cache.value(for: key(1)) == nil)
        #expect(faults(.corrupt) == 1)
        #expect(files().isEmpty)
        cache.insert(png(1), for: key(1))
        await cache.drain()
        #expect(await cache.value(for: key(1)) == png(1))
        #expect(cache.status.count == 1)
    }

    @Test func entryOfAnotherKeyIsNotTaken() async throws {
        let cache = try cache()
        for seed in 1...2 as ClosedRange<UInt32> {
            cache.insert(png(seed), for: key(seed))
        }
        await cache.drain()
        try FileManager.default.removeItem(atPath: path(key(1)))
        try FileManager.default.copyItem(atPath: path(key(2)), toPath: path(key(1)))
        #expect(await cache.value(for: key(1)) == nil)
        #expect(await cache.value(for: key(2)) == png(2))
    }

    @Test(arguments: [(ENOSPC, "a full disk"), (EROFS, "a read-only disk"), (EACCES, "no permission")])
    func failedWriteIsCountedAndLoggedOnce(code: Int32, reason: String) async throws {
        var files = DiskFiles()
        files.write = { _, _, _ in throw DiskFiles.Failure(operation: "write", code: code) }
        let cache = try cache(files: files)
        for seed in 0..<10 as Range<UInt32> {
            cache.insert(png(seed), for: key(seed))
        }
        await cache.drain()
        #expect(await cache.value(for: key(1)) == nil)
        #expect(faults(.write) == 10, "\(reason)")
        let lines = log.lines.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.first?.contains(String(cString: strerror(code))) == true)
        #expect(cache.status == .init())
    }

    @Test func failedReadIsCounted() async throws {
        var files = DiskFiles()
        files.read = { _ in throw DiskFiles.Failure(operation: "read", code: EIO) }
        let cache = try cache(files: files)
        for _ in 0..<3 {
            #expect(await cache.value(for: key(1)) == nil)
        }
        #expect(faults(.read) == 3)
        #expect(log.lines.withLock { $0.count } == 1)
    }

    @Test func leastRecentlyUsedGoesFirst() async throws {
        // Ten entries of one block; the eleventh makes room for itself and one more.
        let cache = try cache(maxBytes: 10 * 4096)
        for seed in 0..<10 as Range<UInt32> {
            cache.insert(png(seed), for: key(seed))
        }
        await cache.drain()
        for seed in 0..<10 as Range<UInt32> {
            let time = Date(timeIntervalSince1970: 1_000_000_000 + Double(seed))
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path(key(seed)))
        }
        // A read counts as use.
        #expect(await cache.value(for: key(0)) == png(0))
        cache.insert(png(10), for: key(10))
        await cache.drain()
        #expect(cache.status == .init(count: 9, bytes: 9 * 4096))
        for seed in 0...10 as ClosedRange<UInt32> {
            let isThere = FileManager.default.fileExists(atPath: path(key(seed)))
            #expect(isThere == ![1, 2].contains(seed), "\(seed)")
        }
        #expect(metrics.cacheEvictions.values.map(\.count) == [0, 2])
    }

    @Test func boundHoldsForWhatOthersWrite() async throws {
        let (first, second) = (try cache(maxBytes: 16 * 4096), try cache(maxBytes: 16 * 4096))
        for seed in 0..<200 as Range<UInt32> {
            (seed % 2 == 0 ? first : second).insert(png(seed), for: key(seed))
            await first.drain()
            await second.drain()
            #expect(files().count <= 16 + 2 + 1)
        }
    }

    @Test func entriesFromTheFutureAreAsGoodAsOthers() async throws {
        let cache = try cache()
        cache.insert(png(1), for: key(1))
        await cache.drain()
        // As after the wall clock was set back.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 86400 * 365)], ofItemAtPath: path(key(1)))
        #expect(await cache.value(for: key(1)) == png(1))
    }

    @Test func onlyOldTemporaryFilesAreRemoved() async throws {
        let old = try folder.write("x", to: "cache/tmp/1-1-1")
        let new = try folder.write("x", to: "cache/tmp/1-1-2")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: old)
        await (try cache()).drain()
        #expect(!FileManager.default.fileExists(atPath: old))
        #expect(FileManager.default.fileExists(atPath: new), "another process may be writing it")
    }

    @Test func folderThatCannotBeMadeIsRefused() throws {
        let file = try folder.write("x", to: "file")
        #expect(
            throws: CommandFailure("cache.directory is '\(file)/cache', which is no folder and cannot be made")
        ) {
            try DiskCache(
                directory: file + "/cache", maxBytes: 1, metrics: metrics, logger: Logger(label: "test"))
        }
    }

    @Test func entryLargerThanTheFolderIsNotKept() async throws {
        let cache = try cache(maxBytes: 100)
        cache.insert(png(1), for: key(1))
        await cache.drain()
        #expect(files().isEmpty)
    }
}
