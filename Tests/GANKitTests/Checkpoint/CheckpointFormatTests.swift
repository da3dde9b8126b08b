// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct CheckpointFormatTests {
    private func format(_ bytes: [UInt8]) throws -> CheckpointFormat {
        try bytes.withUnsafeBytes { try CheckpointFormat(recognizing: $0) }
    }

    @Test func safetensors() throws {
        #expect(try format(SafetensorsFile.bytes(header: "{}")) == .safetensors)
        // Header lengths whose low bytes are PROTO 2, a gzip mark, "{" and "PK".
        for length: UInt64 in [0x0280, 0x8b1f, 0x7b, 0x04034b50 % 100_000_000] {
            #expect(try format(SafetensorsFile.bytes(header: "{}", length: length)) == .safetensors)
        }
        // The reader says what is wrong with it.
        #expect(try format(SafetensorsFile.bytes(header: "{}", length: .max)) == .safetensors)
    }

    @Test func pickle() throws {
        for version: UInt8 in 2...5 {
            #expect(try format([0x80, version, 0x7d, 0x2e]) == .pickle)
        }
        // pickle.dumps of an empty dictionary whose ninth byte happens to be "{"
        #expect(try format(PythonObject.raw([0x43, 8] + Array("1234{678".utf8)).pickled()) == .pickle)
    }

    /// Reason, first bytes, error.
    static let others: [(String, [UInt8], CheckpointError)] = [
        (
            "torch.save since 1.6", Array("PK\u{3}\u{4}".utf8) + [0, 0, 8, 8],
            .unsupported(
                detail: "looks like a zip archive (torch.save of PyTorch 1.6 or later), which is not supported yet")
        ),
        (
            "torch.save before 1.6", TorchPickle.Storage([1]).stream,
            .unsupported(detail: "looks like a torch.save file of PyTorch before 1.6, which is not supported yet")
        ),
        ("gzip", [0x1f, 0x8b, 8], .unsupported(detail: "looks like a gzip archive, which is not supported yet")),
        (
            "git lfs", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
            .unknownFormat(detail: "looks like a Git LFS pointer, not a checkpoint")
        ),
        (
            "failed download", Array("<!DOCTYPE html>".utf8),
            .unknownFormat(detail: "looks like a web page, not a checkpoint")
        ),
        ("text", Array("hello".utf8), .unknownFormat(detail: "neither a safetensors file nor a network pickle")),
        ("one byte", [0x80], .unknownFormat(detail: "neither a safetensors file nor a network pickle")),
        (
            "eight bytes", [0, 0, 0, 0, 0, 0, 0, 0],
            .unknownFormat(detail: "neither a safetensors file nor a network pickle")
        ),
    ]

    @Test(arguments: others)
    func saysWhatOtherFilesLookLike(row: (reason: String, bytes: [UInt8], error: CheckpointError)) throws {
        let file = try ScratchFile(row.bytes)
        #expect(throws: row.error, "\(row.reason)") { try Checkpoint.open(path: file.path) }
    }

    @Test func tensorFlowPickle() throws {
        // obj.__reduce_ex__(4) of a dnnlib.tflib.network.Network: class, EMPTY_TUPLE, NEWOBJ
        let network = PythonObject.raw(
            Array("cdnnlib.tflib.network\nNetwork\n".utf8) + [0x29, 0x81])
        let file = try ScratchFile(PythonObject.tuple([network, network, network]).pickled(protocol: 4))
        #expect(
            throws: CheckpointError.unsupported(
                detail: "looks like a TensorFlow network pickle, which is not supported yet")
        ) { try Checkpoint.open(path: file.path) }
    }
}
