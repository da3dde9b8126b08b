// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GANKit

/// `--sha256`, which every command that opens a checkpoint of the user's has.
struct ChecksumOptions: ParsableArguments {
    @Option(
        name: .customLong("sha256"),
        help: ArgumentHelp("What the SHA-256 of the checkpoint has to be.", valueName: "digits"),
        transform: { text in
            guard let digits = ModelDeclaration.sha256(text) else {
                throw ValidationError("expected 64 hexadecimal digits")
            }
            return digits
        })
    var expected: String?

    /// Maps a checkpoint's file and compares its hash.
    ///
    /// - Throws: `CommandFailure` that names the file and both hashes, or `CheckpointError`.
    func map(_ path: String) throws -> MappedFile {
        let file = try Checkpoint.map(path: path)
        if let expected {
            try Self.check(file, path: path, expected: expected)
        }
        return file
    }

    /// - Throws: `CommandFailure` that names the file and both hashes.
    static func check(_ file: MappedFile, path: String, expected: String) throws {
        guard file.sha256 == expected else {
            throw CommandFailure("\(path): the SHA-256 is \(file.sha256), expected \(expected)")
        }
    }
}
