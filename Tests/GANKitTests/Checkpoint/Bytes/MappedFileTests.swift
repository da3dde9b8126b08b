// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import GANKit

@Suite struct MappedFileTests {
    @Test func missingFile() {
        #expect(throws: CheckpointError.io(operation: "cannot open", errno: ENOENT)) {
            try MappedFile(path: "/nonexistent/model.pkl")
        }
    }

    @Test func directory() {
        #expect(throws: CheckpointError.io(operation: "cannot open", errno: EISDIR)) {
            try MappedFile(path: NSTemporaryDirectory())
        }
    }

    @Test func emptyFile() throws {
        let file = try ScratchFile([])
        #expect(throws: CheckpointError.unknownFormat(detail: "the file is empty")) { try MappedFile(path: file.path) }
    }

    @Test func deviceAndPipe() throws {
        #expect(throws: CheckpointError.unknownFormat(detail: "not a regular file")) {
            try MappedFile(path: "/dev/null")
        }
        let pipe = try ScratchFile()
        try #require(mkfifo(pipe.path, 0o600) == 0)
        #expect(throws: CheckpointError.unknownFormat(detail: "not a regular file")) { try MappedFile(path: pipe.path) }
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func unreadableFile() throws {
        let file = try ScratchFile([1])
        chmod(file.path, 0)
        #expect(throws: CheckpointError.io(operation: "cannot open", errno: EACCES)) { try MappedFile(path: file.path) }
    }

    @Test func sha256() throws {
        // printf abc | sha256sum
        let abc = try ScratchFile(Array("abc".utf8))
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let file = try MappedFile(path: abc.path)
        #expect(file.sha256 == expected)
        #expect(file.sha256 == expected)
        #expect(try Checkpoint.sha256(path: abc.path) == expected)
    }

    @Test func sha256OfMoreThanOneChunkLeavesTheContentReadable() throws {
        // head -c 5000000 /dev/zero | sha256sum
        let zeros = try ScratchFile([UInt8](repeating: 0, count: 5_000_000))
        let file = try MappedFile(path: zeros.path)
        #expect(file.sha256 == "b39781589c4403fb82174c9647a010464cff38bad976547d339899b00053a545")
        #expect(file.bytes[0] == 0 && file.bytes[4_999_999] == 0)
    }

    @Test func contentOutlivesTheName() throws {
        let scratch = try ScratchFile(Array("abc".utf8))
        let file = try MappedFile(path: scratch.path)
        unlink(scratch.path)
        #expect(Array(file.bytes) == Array("abc".utf8))
    }
}
