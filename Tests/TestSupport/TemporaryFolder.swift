// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of a test's own that is removed with it.
public final class TemporaryFolder: Sendable {
    /// Absolute, without a slash at its end.
    public let path: String

    /// Chooses a name; the first file makes the folder.
    public init() {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("faceserver-test-\(UUID().uuidString)").path
    }

    /// Writes a file into the folder, or into one within it ("bin/tool"), and returns its path.
    public func write(_ text: String, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
