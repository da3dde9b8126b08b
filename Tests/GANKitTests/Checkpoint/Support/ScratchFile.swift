// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A temporary file that goes with this object.
final class ScratchFile: Sendable {
    let path: String

    /// Makes the file; without bytes only the name is reserved.
    init(_ bytes: [UInt8]? = nil) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("faceserver-\(UUID().uuidString)").path
        if let bytes {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
    }

    deinit {
        unlink(path)
    }
}

/// The bytes of a file.
func contents(ofFile path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}
