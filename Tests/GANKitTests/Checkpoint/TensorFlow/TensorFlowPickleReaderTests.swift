// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct TensorFlowPickleReaderTests {
    private func read(_ network: PythonObject) throws -> any CheckpointReader {
        try Checkpoint.openPickle(ByteView(copying: TensorFlowPickle.file(network)))
    }

    @Test func styleGAN2UnderOfficialNames() throws {
        let reader = try read(TensorFlowPickle.styleGAN2())
        #expect(reader.formatName == "TensorFlow network pickle")
        #expect(reader.metadata == CheckpointMetadata())
        #expect(reader.unused == ["network 'G'", "network 'D'"])
        #expect(
            reader.tensorNames == [
                "mapping.fc0.bias", "mapping.fc0.weight", "mapping.w_avg", "synthesis.b4.const",
                "synthesis.b4.conv1.affine.bias", "synthesis.b4.conv1.affine.weight", "synthesis.b4.conv1.bias",
                "synthesis.b4.conv1.noise_const", "synthesis.b4.conv1.noise_strength", "synthesis.b4.conv1.weight",
                "synthesis.b4.resample_filter", "synthesis.b4.torgb.affine.bias", "synthesis.b4.torgb.affine.weight",
                "synthesis.b4.torgb.bias", "synthesis.b4.torgb.weight",
            ])
        #expect(reader.shape(of: "mapping.fc0.weight") == [1, 2])
        #expect(reader.shape(of: "synthesis.b4.torgb.weight") == [3, 1, 1, 1])
        #expect(try reader.tensor("synthesis.b4.conv1.affine.bias").elements == [1])
        #expect(try reader.tensor("synthesis.b4.conv1.noise_strength").elements == [0.5])
        let firstRow: [Float] = [0.015625, 0.046875, 0.046875, 0.015625]
        #expect(try Array(reader.tensor("synthesis.b4.resample_filter").elements.prefix(4)) == firstRow)
    }

    @Test func argumentsOfTheNetwork() throws {
        let reader = try read(
            TensorFlowPickle.styleGAN2(arguments: [
                ("architecture", .string("orig")), ("conv_clamp", .int(256)), ("mapping_lrmul", .double(0.5)),
                ("resample_kernel", .list([.int(1), .int(1)])), ("dtype", .none),
            ]))
        #expect(
            reader.metadata
                == CheckpointMetadata(blockArchitecture: .orig, mappingLearningRateMultiplier: 0.5, convClamp: 256))
        #expect(try reader.tensor("synthesis.b4.resample_filter").elements == [0.25, 0.25, 0.25, 0.25])
    }

    @Test func grownNetworkMakesRGBAtItsEnd() throws {
        let extra = TensorFlowPickle.variables([
            ("8x8/Conv0_up/weight", [3, 3, 1, 1]), ("8x8/Conv0_up/mod_weight", [1, 1]), ("8x8/Conv0_up/mod_bias", [1]),
            ("8x8/Conv0_up/noise_strength", []), ("8x8/Conv0_up/bias", [1]), ("8x8/Conv1/weight", [3, 3, 1, 1]),
            ("8x8/Conv1/mod_weight", [1, 1]), ("8x8/Conv1/mod_bias", [1]), ("8x8/Conv1/noise_strength", []),
            ("8x8/Conv1/bias", [1]), ("noise1", [1, 1, 8, 8]), ("noise2", [1, 1, 8, 8]),
            ("ToRGB_lod0/weight", [1, 1, 1, 3]),
            ("ToRGB_lod0/mod_weight", [1, 1]), ("ToRGB_lod0/mod_bias", [1]), ("ToRGB_lod0/bias", [3]),
            ("lod", []),
        ])
        let reader = try read(TensorFlowPickle.styleGAN2(function: "G_synthesis_stylegan_revised", extra: extra))
        #expect(reader.metadata.blockArchitecture == .orig)
        #expect(reader.shape(of: "synthesis.b8.torgb.weight") == [3, 1, 1, 1])
        #expect(reader.shape(of: "synthesis.b4.torgb.weight") == nil)
        // The up-sampling filter is turned, the other one is not.
        #expect(try reader.tensor("synthesis.b8.conv0.weight").elements == (0..<9).reversed().map(Float.init))
        #expect(try reader.tensor("synthesis.b8.conv1.weight").elements == (0..<9).map(Float.init))
        #expect(reader.unused.contains("tensor 'synthesis/4x4/ToRGB/weight'"))
    }

    struct Refused: CustomTestStringConvertible {
        let network: PythonObject
        let message: String
        var testDescription: String { message }

        init(_ message: String, _ network: PythonObject) {
            self.network = network
            self.message = message
        }
    }

    static let refused = [
        Refused(
            "the network was built by 'G_paper', only 'G_style' (StyleGAN) and 'G_main' (StyleGAN2) are supported",
            TensorFlowPickle.network("G_paper")),
        Refused("the network is not of version 3 or 4", TensorFlowPickle.network("G_main", version: 2)),
        Refused(
            "the synthesis network was built by 'G_synthesis_dense', only 'G_synthesis_stylegan2' and "
                + "'G_synthesis_stylegan_revised' are supported",
            TensorFlowPickle.styleGAN2(function: "G_synthesis_dense")),
        Refused(
            "the network was saved while it grew: 'lod' is 1.5, only 0 is supported",
            TensorFlowPickle.styleGAN2(
                own: [("lod", TensorFlowPickle.scalar(1.5))] + TensorFlowPickle.variables([("dlatent_avg", [1])]))),
        Refused(
            "argument 'nonlinearity' of the network is 'relu', only 'lrelu' is supported",
            TensorFlowPickle.styleGAN2(arguments: [("nonlinearity", .string("relu"))])),
        Refused(
            "argument 'normalize_latents' of the network is false, only true is supported",
            TensorFlowPickle.styleGAN2(arguments: [("normalize_latents", .bool(false))])),
        Refused(
            "argument 'architecture' of the network is 'dense', only skip, resnet and orig are supported",
            TensorFlowPickle.styleGAN2(arguments: [("architecture", .string("dense"))])),
        Refused(
            "argument 'conv_clamp' of the network is -1.0",
            TensorFlowPickle.styleGAN2(arguments: [("conv_clamp", .int(-1))])),
        Refused(
            "argument 'resample_kernel' of the network is [1.0, -1.0]",
            TensorFlowPickle.styleGAN2(arguments: [("resample_kernel", .list([.int(1), .int(-1)]))])),
        Refused("tensor 'dlatent_avg' is missing", TensorFlowPickle.styleGAN2(own: [])),
        Refused(
            "tensor 'dlatent_avg': expected shape [any], found [1, 1]",
            TensorFlowPickle.styleGAN2(own: TensorFlowPickle.variables([("dlatent_avg", [1, 1])]))),
        Refused(
            "tensor 'x': 4 F32 elements have 8 bytes",
            TensorFlowPickle.styleGAN2(own: [("x", TensorFlowPickle.array([2, 2], [1, 2]))])),
        Refused(
            "tensor 'x': no valid shape",
            TensorFlowPickle.styleGAN2(own: [("x", TensorFlowPickle.array([.max, .max], [1, 2]))])),
        Refused("tensor 'x': not a NumPy array", TensorFlowPickle.styleGAN2(own: [("x", .int(1))])),
        Refused(
            "tensor 'x': its elements are no bytes",
            TensorFlowPickle.styleGAN2(own: [("x", TensorFlowPickle.array([1], [], bytes: PythonObject.none))])),
    ]

    @Test(arguments: refused)
    func saysWhatItDoesNotRun(_ row: Refused) {
        let error = #expect(throws: CheckpointError.self) { try read(row.network) }
        #expect(error?.description == row.message)
    }

    @Test func tupleOfTwo() {
        let network = TensorFlowPickle.network("G_main")
        #expect(throws: CheckpointError.malformed(detail: "network 'Gs' is missing; the tuple has 2 entries")) {
            try Checkpoint.openPickle(ByteView(copying: PythonObject.tuple([network, network]).pickled()))
        }
    }

    @Test func fortranOrderAndText() throws {
        func elements(_ array: PythonObject) throws -> [Float] { try tensor(array.pickled()).elements }
        // numpy.asfortranarray([[0, 1, 2], [3, 4, 5]]) has the columns one after the other.
        #expect(
            try elements(TensorFlowPickle.array([2, 3], [0, 3, 1, 4, 2, 5], fortran: true)) == [0, 1, 2, 3, 4, 5])
        // 1.0 is 00 00 80 3f, and U+0080 is c2 80 in UTF-8.
        let text = PythonObject.reduce(
            .global("_codecs", "encode"), [.string("\0\0\u{80}\u{3f}"), .string("latin1")])
        #expect(try elements(TensorFlowPickle.array([1], [], bytes: text)) == [1])
    }

    private func tensor(_ pickle: [UInt8]) throws -> Tensor {
        var texts: [Range<Int>: Latin1Text] = [:]
        let document = try PickleMachine.run(ByteView(copying: pickle))
        return try StridedTensor(numpy: document.root, in: document, texts: &texts).materialize()
    }

    /// pickle.dumps(numpy.arange(6, dtype='f4').reshape(2, 3), protocol=5) of numpy 2.4, and of numpy.asfortranarray of it:
    /// the elements, and the order.
    @Test(arguments: [
        ("000000000000803f0000004000004040000080400000a040", "43"),
        ("00000000000040400000803f00008040000000400000a040", "46"),
    ])
    func arraysOfProtocol5(elements: String, order: String) throws {
        let pickle =
            "8005958e000000000000008c136e756d70792e5f636f72652e6e756d65726963948c0b5f66726f6d62756666657294939428961800"
            + "000000000000\(elements)948c056e756d7079948c0564747970659493948c02663494898887945294284b038c013c944e4e4e4a"
            + "ffffffff4affffffff4b007494624b024b0386948c01\(order)94749452942e"
        let tensor = try tensor([UInt8](hex: pickle))
        #expect(tensor.shape == [2, 3])
        #expect(tensor.elements == [0, 1, 2, 3, 4, 5])
    }

    /// Arrays made of one text of 256 KiB, which the memo holds.
    private static func sharedText(_ count: Int) -> [(String, PythonObject)] {
        let text = PythonObject.reduce(
            .global("_codecs", "encode"), [.string(String(repeating: "a", count: 1 << 18)), .string("latin1")])
        let first = PythonObject.raw(text.pickled().dropFirst(2).dropLast() + [0x71, 9])
        return (0..<count).map { index in
            ("\(index)", TensorFlowPickle.array([1 << 16], [], bytes: index == 0 ? first : .raw([0x68, 9])))
        }
    }

    @Test func textThatArraysShareIsReadOnce() throws {
        let file = PythonObject.list(Self.sharedText(3).map(\.1)).pickled()
        let document = try PickleMachine.run(ByteView(copying: file))
        var texts: [Range<Int>: Latin1Text] = [:]
        for array in try #require(document.sequence(document.root)) {
            _ = try StridedTensor(numpy: array, in: document, texts: &texts)
        }
        #expect(texts.count == 1)
    }

    @Test func variablesThatShareMemoryAreBoundedByTheFile() {
        let error = #expect(throws: CheckpointError.self) {
            try read(TensorFlowPickle.styleGAN2(own: Self.sharedText(7)))
        }
        #expect(error?.description.hasPrefix("tensor '6': with it, tensors that share memory take more than") == true)
    }
}
