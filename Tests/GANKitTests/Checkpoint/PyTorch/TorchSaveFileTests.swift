// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// Both forms of `torch.save`'s files. Files that PyTorch wrote are among the reference fixtures.
@Suite struct TorchSaveFileTests {
    private static let plain = TorchSave("", [("a", [2, 2], [1, 2, 3, 4]), ("b", [], [5])])

    private func dictionary(_ file: TorchSaveFile) throws -> TorchStateDict {
        try #require(TorchStateDict.all(in: file).dictionaries.first)
    }

    private func open(_ file: ZipFile) throws -> TorchSaveFile { try TorchSaveFile(zip: ByteView(copying: file.bytes)) }

    private func open(_ bytes: [UInt8]) throws -> TorchSaveFile { try TorchSaveFile(legacy: ByteView(copying: bytes)) }

    @Test func tensorsComeInTheOrderOfTheFile() throws {
        for file in [try open(Self.plain.zip), try open(Self.plain.legacy)] {
            let dictionary = try dictionary(file)
            #expect(dictionary.names == ["a", "b"])
            #expect(try dictionary.tensors["a"]?.tensor().elements == [1, 2, 3, 4])
            #expect(try dictionary.tensors["b"]?.tensor().elements == [5])
        }
    }

    @Test func dictionariesWithinTheRootAndWhatElseIsThere() throws {
        var save = Self.plain
        save.dictionaries.append(("g_ema", [("c", [1], [6])]))
        save.others = [
            ("args", .string("--size 64")), ("empty", .dict([])),
            (
                "namespace",
                // argparse.Namespace.__new__ and its state
                TensorFlowPickle.build(
                    .raw(Array("cargparse\nNamespace\n".utf8) + [0x29, 0x81]), .dict([("lr", .double(0.002))]))
            ),
            ("size", .reduce(.global("torch", "Size"), [.list([.int(1)])])),
        ]
        let (dictionaries, others) = try TorchStateDict.all(in: open(save.zip))
        #expect(dictionaries.map(\.key) == ["", "g_ema"])
        #expect(dictionaries.map(\.names) == [["a", "b"], ["c"]])
        #expect(others == ["args", "empty", "namespace", "size"])
    }

    static let spoilt = [
        SpoiltZip("no pickle", "the zip archive holds no 'data.pkl' of torch.save") {
            $0.members[0].name = "model/code"
        },
        SpoiltZip("two pickles", "the zip archive holds more than one 'data.pkl' of torch.save") {
            $0.members.append(ZipFile.Member("other/data.pkl", []))
        },
        SpoiltZip("big-endian", "the file is not in little-endian order") { $0.members[1].data = Array("big".utf8) },
        SpoiltZip("storage missing", "tensor 'a': its storage '0' is not in the file") { $0.members.remove(at: 2) },
        SpoiltZip("storage cut", "storage '0' of 4 F32 elements has 15 bytes") { $0.members[2].data.removeLast() },
        SpoiltZip("storage too long", "storage '0' of 4 F32 elements has 17 bytes") { $0.members[2].data.append(0) },
        // Behind a local header of 30 bytes, 14 of name, and PROTO.
        SpoiltZip("code in the pickle", "refused to import 'os.system' at byte 46") {
            $0.members[0].data = PythonObject.reduce(.global("os", "system"), [.string("id")]).pickled(protocol: 2)
        },
        SpoiltZip("a list", "the file holds no dictionary of tensors") {
            $0.members[0].data = PythonObject.list([]).pickled(protocol: 2)
        },
    ]

    @Test(arguments: spoilt)
    func saysWhatIsWrongWithAnArchive(_ row: SpoiltZip) {
        var file = Self.plain.zip
        row.spoil(&file)
        let error = #expect(throws: CheckpointError.self) { try dictionary(open(file)) }
        #expect(error?.description == row.message)
    }

    /// Reason, what the bytes become, message.
    static let spoiltLegacy: [(String, @Sendable ([UInt8]) -> [UInt8], String)] = [
        ("more than the storages", { $0 + [0] }, "the storages end at byte"),
        ("cut in a storage", { $0.dropLast() }, "storage '94001': offset"),
        ("cut before a count", { $0.dropLast(4 + 8) }, "storage '94001': no element count at byte"),
        (
            "other count", { $0.dropLast(4 + 8) + [2, 0, 0, 0, 0, 0, 0, 0] + $0.suffix(4) },
            "storage '94001' holds 2 elements, 1 announced"
        ),
    ]

    @Test(arguments: spoiltLegacy.indices)
    func saysWhatIsWrongWithTheOldForm(index: Int) {
        let (reason, spoil, message) = Self.spoiltLegacy[index]
        let error = #expect(throws: CheckpointError.self) { try dictionary(open(spoil(Self.plain.legacy))) }
        #expect(error?.description.hasPrefix(message) == true, "\(reason): \(error?.description ?? "")")
    }

    @Test func oneKeyOfTwoSizes() {
        func storage(_ count: Int) -> PythonObject {
            .persistentID(
                .tuple([
                    .string("storage"), .global("torch", "FloatStorage"), .string("0"), .string("cpu"), .int(count),
                ]))
        }
        let object = PythonObject.dict([
            ("a", TorchPickle.tensor(storage(1), shape: [1], strides: [1])),
            ("b", TorchPickle.tensor(storage(2), shape: [2], strides: [1])),
        ])
        var file = Self.plain.zip
        file.members[0].data = object.pickled(protocol: 2)
        #expect(throws: CheckpointError.malformed(detail: "storage '0' is said to be of two types or sizes")) {
            try open(file)
        }
    }
}
