// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Where pictures go.
enum OutputFolder {
    /// Makes a folder if it is not there.
    ///
    /// - Throws: `CommandFailure` that names it.
    static func make(_ path: String) throws -> URL {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("\(path): cannot make this folder")
        }
        return URL(fileURLWithPath: path, isDirectory: true)
    }

    /// Writes a file, completely or not at all.
    ///
    /// - Throws: `CommandFailure` that names it.
    static func write(_ bytes: [UInt8], to file: URL) throws {
        do {
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw CommandFailure("\(file.relativePath): cannot be written")
        }
    }
}
