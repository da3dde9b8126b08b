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

    /// Writes a file into the folder and returns its path.
    public func write(_ text: String, to name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
