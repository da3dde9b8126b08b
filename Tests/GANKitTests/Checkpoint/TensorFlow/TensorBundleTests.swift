// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

@Suite struct TensorBundleTests {
    private func bundle(_ entries: [(String, [UInt8])], data: [UInt8] = []) throws -> TensorBundle {
        try TensorBundle(ByteView(copying: TableFile(entries).bytes)) { _, _ in ByteView(copying: data) }
    }

    @Test func fixtureOfTensorFlow() throws {
        let reader = try Checkpoint.open(path: FixtureFolder.path("face-generator/model.ckpt.index"))
        #expect(reader.formatName == "TensorFlow checkpoint")
        #expect(reader.shape(of: "stem.weight") == [20, 32, 4, 4])
        #expect(reader.shape(of: "layers.3.weight") == [8, 3, 5, 5])
        #expect(
            reader.metadata.dcgan
                == DCGANTraits(
                    strides: [2, 2, 2, 1], paddings: [1, 1, 1, 2], negativeSlope: 0.2, latent: .uniform,
                    pixelOffset: 127.5))
        #expect(
            reader.unused == [
                "tensor 'discriminator/conv1/kernel'", "tensor 'generator/dense/bias/Adam'", "tensor 'global_step'",
                "tensor 'note'",
            ])
    }

    private static let four: [UInt8] = [0, 0, 0x80, 0x3f]
    private static let checksum = four.withUnsafeBytes { CRC32C.masked($0) }

    @Test func elementsAreCheckedWhenRead() throws {
        let entry = TableFile.entry(shape: [1], offset: 0, size: 4, checksum: Self.checksum)
        let whole = try bundle([("", TableFile.header()), ("a", entry)], data: Self.four)
        #expect(try whole.variables["a"]?.tensor().elements == [1])
        let spoilt = try bundle([("", TableFile.header()), ("a", entry)], data: [0, 0, 0x80, 0x40])
        #expect(throws: CheckpointError.malformed(detail: "tensor 'a': the elements do not match their checksum")) {
            try spoilt.variables["a"]?.tensor()
        }
    }

    /// Entries, message.
    static let spoilt: [([(String, [UInt8])], String)] = [
        ([], "the index has no header"),
        ([("a", TableFile.header())], "the index has no header"),
        ([("", TableFile.header(shards: 0))], "the checkpoint has 0 data files, 1 to 1000 are allowed"),
        ([("", TableFile.header(shards: 2000))], "the checkpoint has 2000 data files, 1 to 1000 are allowed"),
        ([("", TableFile.header(endianness: 1))], "the checkpoint is not in little-endian order"),
        (
            [("", TableFile.header()), ("a", TableFile.entry(shape: [1], offset: 1, size: 4, checksum: checksum))],
            "tensor 'a': offset 1 + 4 bytes exceeds the data file's size 4"
        ),
        (
            [("", TableFile.header()), ("a", TableFile.entry(shape: [1], offset: -1, size: 4, checksum: checksum))],
            "tensor 'a': offset 18446744073709551615 + 4 bytes exceeds the data file's size 4"
        ),
        (
            [("", TableFile.header()), ("a", TableFile.entry(shape: [2], offset: 0, size: 4, checksum: checksum))],
            "tensor 'a': shape [2] of F32 elements has 4 bytes"
        ),
        (
            [
                ("", TableFile.header()),
                ("a", TableFile.entry(shape: [.max, .max], offset: 0, size: 4, checksum: checksum)),
            ], "of F32 elements has 4 bytes"
        ),
        (
            [("", TableFile.header()), ("a", TableFile.entry(shape: [-1], offset: 0, size: 4, checksum: checksum))],
            "tensor 'a': an axis of 18446744073709551615 elements, or more than 8 axes"
        ),
        (
            [
                ("", TableFile.header()),
                ("a", TableFile.entry(shape: [1], shard: 1, offset: 0, size: 4, checksum: checksum)),
            ], "tensor 'a': data file 1 of 1 does not exist"
        ),
        ([("", TableFile.header()), ("a", [0x12, 9])], "tensor 'a': a field of 9 bytes, 0 are left"),
        ([("", TableFile.header()), ("a", [0x0f])], "tensor 'a': a field of the unknown wire type 7"),
    ]

    @Test(arguments: spoilt.indices)
    func saysWhatIsWrong(index: Int) {
        let (entries, message) = Self.spoilt[index]
        let error = #expect(throws: CheckpointError.self) { try bundle(entries, data: Self.four) }
        #expect(error?.description.contains(message) == true, "\(error.map(\.description) ?? "")")
    }

    @Test func variablesThatShareTheDataAreBoundedByItsSize() throws {
        let size = 1 << 20
        let entries =
            [("", TableFile.header())]
            + (0..<4).map { index in
                ("\(index)", TableFile.entry(shape: [size / 4], offset: 0, size: size, checksum: 0))
            }
        let data = [UInt8](repeating: 0, count: size)
        #expect(try bundle(Array(entries.dropLast()), data: data).variables.count == 3)
        #expect(
            throws: CheckpointError.malformed(
                detail:
                    "tensor '3': with it, tensors that share memory take more than 3145728 bytes, twice as many as the "
                    + "file")
        ) { try bundle(entries, data: data) }
    }

    @Test func variablesOfOtherTypesAreNamed() throws {
        let text = TableFile.entry(type: 7, shape: [], offset: 0, size: 4, checksum: 0)
        let sliced = TableFile.entry(shape: [1], offset: 0, size: 4, checksum: 0) + TableFile.field(7, [])
        let bundle = try bundle([("", TableFile.header()), ("a", text), ("b", sliced)])
        #expect(bundle.variables.isEmpty)
        #expect(bundle.others == ["a", "b"])
    }

    @Test func shardsAreOpenedOnce() throws {
        let entries = (0..<4).map { index in
            ("\(index)", TableFile.entry(shape: [1], shard: index / 2, offset: 0, size: 4, checksum: Self.checksum))
        }
        var opened: [Int] = []
        let bundle = try TensorBundle(
            ByteView(copying: TableFile([("", TableFile.header(shards: 2))] + entries).bytes)
        ) { number, count in
            #expect(count == 2)
            opened.append(number)
            return ByteView(copying: Self.four)
        }
        #expect(opened == [0, 1])
        #expect(bundle.variables.count == 4)
    }

    @Test func namesOfTheCheckpointAndOfItsDataLeadToTheIndex() throws {
        let prefix = FixtureFolder.path("face-generator/model.ckpt")
        #expect(
            throws: CheckpointError.unsupported(
                detail: "this is the name of a TensorFlow checkpoint; give its index '\(prefix).index'")
        ) { try Checkpoint.open(path: prefix) }
        #expect(
            throws: CheckpointError.unsupported(
                detail: "this is the data of a TensorFlow checkpoint; give its index '\(prefix).index'")
        ) { try Checkpoint.open(path: prefix + ".data-00000-of-00001") }
    }

    @Test func dataHasToBeThere() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("", to: "a.index")
        try Data(TableFile.faceGenerator.index).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(path: path) }
        #expect(
            error
                == .io(
                    operation: "cannot open '\(folder.path)/a.data-00000-of-00001', which holds the data", errno: ENOENT
                ))
        try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/a")
        #expect(throws: CheckpointError.self) { try Checkpoint.open(path: folder.path + "/a") }
    }

    @Test func variablesOfAnotherModel() {
        let file = TableFile.checkpoint([("conv/kernel", [1])])
        #expect(
            throws: CheckpointError.unsupported(
                detail: "the variables are not those of gsurma/face_generator, such as 'generator/dense/kernel'; the "
                    + "checkpoint has 'conv/kernel'")
        ) {
            try TensorBundleReader.read(ByteView(copying: file.index)) { _, _ in ByteView(copying: file.data) }
        }
    }
}
