// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// An archive of `Tests/Fixtures`, unpacked once per test process into a temporary folder, which goes with the process.
public final class FixtureArchive: Sendable {
    /// Network pickles with the weights of their discriminators, and scores.
    public static let discriminators = FixtureArchive("discriminators")

    private static let temporaryFolders = Mutex<[URL]>([])
    /// Removes the folders at the end of the process, once asked for.
    private static let removal: Void = {
        atexit { FixtureArchive.removeTemporaryFolders() }
    }()

    private let folder: Result<URL, any Error>

    /// - Parameters:
    ///   - name: of the archive, without `.tar.xz`
    ///   - unpacked: a folder to use in place of the archive
    init(_ name: String, unpacked: String? = nil) {
        folder = Result { try unpacked.map { URL(fileURLWithPath: $0) } ?? Self.unpack(name) }
    }

    /// The path of a file in the archive.
    public func path(_ relative: String) throws -> String {
        try folder.get().appendingPathComponent(relative).path
    }

    private static func unpack(_ name: String) throws -> URL {
        let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name).tar.xz")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("faceserver-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        temporaryFolders.withLock { $0.append(folder) }
        _ = removal
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xJf", archive.path, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            throw FixtureArchiveError(detail: "tar -xJf \(archive.path) exited with \(tar.terminationStatus)")
        }
        return folder
    }

    private static func removeTemporaryFolders() {
        for folder in temporaryFolders.withLock({ $0 }) {
            try? FileManager.default.removeItem(at: folder)
        }
    }
}

/// Why the fixtures could not be unpacked.
public struct FixtureArchiveError: Error, CustomStringConvertible {
    /// The command and its exit status.
    public let detail: String
    /// Same as `detail`.
    public var description: String { detail }
}
