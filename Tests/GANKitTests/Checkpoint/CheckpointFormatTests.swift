// SPDX-License-Identifier: Apache-2.0

import Foundation
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

    private static let nothing =
        "no checkpoint: neither safetensors nor a network pickle, a file of torch.save or a TensorFlow index"

    /// Reason, first bytes, error.
    static let others: [(String, [UInt8], CheckpointError)] = [
        ("gzip", [0x1f, 0x8b, 8], .unsupported(detail: "looks like a gzip archive, which is not supported")),
        (
            "git lfs", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
            .unknownFormat(detail: "looks like a Git LFS pointer, not a checkpoint")
        ),
        (
            "failed download", Array("<!DOCTYPE html>".utf8),
            .unknownFormat(detail: "looks like a web page, not a checkpoint")
        ),
        ("text", Array("hello".utf8), .unknownFormat(detail: Self.nothing)),
        ("one byte", [0x80], .unknownFormat(detail: Self.nothing)),
        (
            "eight bytes", [0, 0, 0, 0, 0, 0, 0, 0],
            .unknownFormat(detail: Self.nothing)
        ),
    ]

    @Test(arguments: others)
    func saysWhatOtherFilesLookLike(row: (reason: String, bytes: [UInt8], error: CheckpointError)) throws {
        let file = try ScratchFile(row.bytes)
        #expect(throws: row.error, "\(row.reason)") { try Checkpoint.open(path: file.path) }
    }

    @Test func torchSave() throws {
        #expect(try format(TorchSave.dcgan.zip.bytes) == .torchZip)
        #expect(try format(TorchSave.dcgan.legacy) == .torchLegacy)
    }

    @Test func tensorFlowIndex() throws {
        #expect(try format(TableFile.faceGenerator.index) == .tensorFlowIndex)
    }

    /// A name of another format changes nothing.
    @Test func namesDoNotMatter() throws {
        let folder = TemporaryFolder()
        _ = try folder.write("", to: "a")
        let files: [([UInt8], String)] = [
            (TorchSave.dcgan.zip.bytes, "weights.tar"), (TorchSave.dcgan.legacy, "a.safetensors"),
            (TensorFlowPickle.file(), "b.pt"), (TorchPickle.file(), "c.index"),
            (SafetensorsFile.bytes(header: "{}"), "d.pkl"),
        ]
        for (bytes, name) in files {
            let path = folder.path + "/" + name
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: Never.self, "\(name)") { try Checkpoint.open(path: path) }
        }
    }

    @Test func progressiveGAN() throws {
        let network = PythonObject.raw(Array("ctfutil\nNetwork\n".utf8) + [0x29, 0x81])
        let file = try ScratchFile(PythonObject.tuple([network]).pickled(protocol: 4))
        #expect(
            throws: CheckpointError.unsupported(
                detail: "looks like a network pickle of Progressive GAN, which is not supported")
        ) { try Checkpoint.open(path: file.path) }
    }
}
