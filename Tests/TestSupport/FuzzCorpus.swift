// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The inputs in `Fuzzing/Corpus`, which fuzz targets start from and tests replay.
public enum FuzzCorpus {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzzing/Corpus")

    /// The corpus of a target as paths below the folder, in order. Throws when there is none, so that a test which
    /// replays it cannot pass on nothing.
    public static func files(_ target: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(target).path)
        guard !names.isEmpty else { throw CocoaError(.fileNoSuchFile) }
        return names.sorted().map { "\(target)/\($0)" }
    }

    /// Calls `body` with the content of one of `files`.
    public static func withBytes<Result>(
        of file: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try Data(contentsOf: folder.appendingPathComponent(file)).withUnsafeBytes(body)
    }
}
