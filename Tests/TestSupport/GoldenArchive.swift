// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The reference fixtures of `Tests/Fixtures/golden.tar.xz`, unpacked once per test process into a temporary folder.
///
/// `FACESERVER_GOLDEN` names a folder with the complete, unpacked set to use in place of the archive.
public enum GoldenArchive {
    /// The unpacked folder, or the error that unpacking met.
    private static let unpacked = Result { try unpack() }

    /// The path of a file in the archive: `path("ada-a-32/network.pkl")`.
    public static func path(_ relative: String) throws -> String {
        try unpacked.get().appendingPathComponent(relative).path
    }

    private static func unpack() throws -> URL {
        if let folder = ProcessInfo.processInfo.environment["FACESERVER_GOLDEN"] {
            return URL(fileURLWithPath: folder)
        }
        let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/golden.tar.xz")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("faceserver-golden-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xJf", archive.path, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            throw GoldenArchiveError(detail: "tar -xJf \(archive.path) exited with \(tar.terminationStatus)")
        }
        temporaryFolder = folder
        atexit { GoldenArchive.removeTemporaryFolder() }
        return folder
    }

    /// Written once, inside the initialiser of `unpacked`, before `atexit` can read it.
    nonisolated(unsafe) private static var temporaryFolder: URL?

    private static func removeTemporaryFolder() {
        if let folder = temporaryFolder {
            try? FileManager.default.removeItem(at: folder)
        }
    }
}

/// Why the fixtures could not be unpacked.
public struct GoldenArchiveError: Error, CustomStringConvertible {
    /// The command and its exit status.
    public let detail: String
    /// Same as `detail`.
    public var description: String { detail }
}
