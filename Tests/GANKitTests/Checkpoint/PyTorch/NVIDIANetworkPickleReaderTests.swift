// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct NVIDIANetworkPickleReaderTests {
    private func reader(_ generator: PythonObject) throws -> NVIDIANetworkPickleReader {
        try NVIDIANetworkPickleReader(ByteView(copying: TorchPickle.file(generator)))
    }

    // MARK: Files that PyTorch wrote

    /// torch 2.13 and protocol 4, torch 1.13 and protocols 3 and 4.
    @Test(arguments: [
        "ada-a-32/network.pkl", "ada-a-32-torch1.13/network-proto3.pkl", "ada-a-32-torch1.13/network-proto4.pkl",
    ])
    func holdsTheTensorsOfTheSafetensorsFile(file: String) throws {
        let pickle = try Checkpoint.open(path: GoldenArchive.path(file))
        let reference = try Checkpoint.open(path: GoldenArchive.path("ada-a-32/G_ema.safetensors"))
        #expect(pickle.formatName == "PyTorch network pickle")
        #expect(pickle.metadata == CheckpointMetadata())
        #expect(pickle.tensorNames == reference.tensorNames)
        for name in reference.tensorNames {
            #expect(pickle.shape(of: name) == reference.shape(of: name))
            #expect(try isIdentical(pickle.tensor(name), reference.tensor(name)), "\(name)")
        }
    }

    @Test func readsTheMovingAverageUnlessToldOtherwise() throws {
        let path = try GoldenArchive.path("ada-b-64/network.pkl")
        let average = try Checkpoint.open(path: path)
        #expect(average.shape(of: "mapping.fc7.weight") == [512, 512])
        #expect(average.shape(of: "synthesis.b64.torgb.weight")?.prefix(1) == [3])
        // `G` is another, tiny network on purpose.
        let other = try Checkpoint.open(path: path, network: "G")
        #expect(other.shape(of: "mapping.fc7.weight") == nil)
        #expect(other.shape(of: "mapping.fc0.weight") != [512, 512])
    }

    @Test func missingNetworkListsTheOthers() throws {
        let path = try GoldenArchive.path("ada-a-32/network.pkl")
        #expect(
            throws: CheckpointError.malformed(
                detail: "network 'G_avg' is missing; the file has 'G', 'D', 'G_ema'")
        ) { try Checkpoint.open(path: path, network: "G_avg") }
        #expect(
            throws: CheckpointError.unsupported(detail: "the network is a 'Discriminator', not a 'Generator'")
        ) { try Checkpoint.open(path: path, network: "D") }
    }

    @Test func conditionalNetwork() throws {
        let reader = try Checkpoint.open(path: GoldenArchive.path("ada-c-cond-32/network.pkl"))
        #expect(reader.shape(of: "mapping.embed.weight") == [64, 10])
        #expect(reader.metadata == CheckpointMetadata())
    }

    @Test func clampAndStrides() throws {
        let reader = try Checkpoint.open(path: GoldenArchive.path("ada-d-clamp-32/network.pkl"))
        #expect(reader.metadata == CheckpointMetadata(convClamp: 256))
        #expect(reader.shape(of: "synthesis.b32.conv1.weight") == [32, 32, 3, 3])
        // In the file the strides are [288, 1, 96, 32]; pickle.Unpickler with stubs, then
        // numpy.lib.stride_tricks.as_strided(storage, shape, strides * 4)[1, 2]
        let elements = try reader.tensor("synthesis.b32.conv1.weight").elements
        #expect(
            Array(elements[(32 + 2) * 9..<(32 + 3) * 9]) == [
                1.6515772342681885, -1.069313883781433, -0.39895689487457275, -1.2451629638671875, -1.5359530448913574,
                0.8255886435508728, 0.10525543987751007, 0.4832907021045685, -1.4731179475784302,
            ])
    }

    // MARK: Files made here

    @Test func namesArePathsAndNoneIsNoTensor() throws {
        let reader = try reader(TorchPickle.generator())
        #expect(
            reader.tensorNames == [
                "mapping.fc0.weight", "synthesis.b4.conv1.noise_const", "synthesis.b4.conv1.weight",
            ])
        #expect(try reader.tensor("synthesis.b4.conv1.weight").elements == [1, 2, 3, 4])
    }

    @Test func tensorsMayShareAStorage() throws {
        // x = []; the storage is memoised: BINPUT 9, then BINGET 9.
        let storage = PythonObject.raw(
            Array(TorchPickle.Storage([1, 2, 3, 4]).object.pickled().dropFirst(2).dropLast()) + [0x71, 9])
        let first = TorchPickle.tensor(storage, shape: [2], strides: [1])
        let second = TorchPickle.tensor(.raw([0x68, 9]), offset: 2, shape: [2], strides: [1])
        let layer = TorchPickle.module("SynthesisLayer", buffers: [("a", first), ("b", second)])
        let block = TorchPickle.module("SynthesisBlock", modules: [("conv1", layer)])
        let synthesis = TorchPickle.module("SynthesisNetwork", modules: [("b4", block)])
        let reader = try reader(TorchPickle.module("Generator", modules: [("synthesis", synthesis)]))
        #expect(try reader.tensor("synthesis.b4.conv1.a").elements == [1, 2])
        #expect(try reader.tensor("synthesis.b4.conv1.b").elements == [3, 4])
    }

    @Test func tensorsThatShareMemoryAreBoundedByTheFile() {
        // The storage of 1 MiB is memoised: BINPUT 9, then BINGET 9.
        let count = 1 << 18
        let storage = TorchPickle.Storage([Float](repeating: 0, count: count)).object
        let first = PythonObject.raw(storage.pickled().dropFirst(2).dropLast() + [0x71, 9])
        let tensors = (0..<4).map { index in
            (
                "\(index)",
                TorchPickle.tensor(index == 0 ? first : .raw([0x68, 9]), shape: [count], strides: [1])
            )
        }
        let error = #expect(throws: CheckpointError.self) {
            try reader(TorchPickle.module("Generator", buffers: tensors))
        }
        #expect(error?.description.hasPrefix("tensor '3': with it, tensors that share memory take more than") == true)
    }

    /// torch._utils._rebuild_parameter_with_state(data, requires_grad, backward_hooks, state)
    @Test func parametersWithAttributes() throws {
        let parameter = TorchPickle.parameter([2, 2], [1, 2, 3, 4])
        guard case .reduce(_, let arguments) = parameter else { return }
        let reader = try reader(
            TorchPickle.generator(
                weight: .reduce(
                    .global("torch._utils", "_rebuild_parameter_with_state"), arguments + [.dict([("a", .int(1))])])))
        #expect(try reader.tensor("synthesis.b4.conv1.weight").elements == [1, 2, 3, 4])
    }

    @Test func oldPicklesHaveTheDefaults() throws {
        let generator = TorchPickle.generator(blockAttributes: [], layerAttributes: [], mappingAttributes: [])
        #expect(try reader(generator).metadata == CheckpointMetadata())
    }

    @Test func learningRateMultiplierFollowsFromTheWeightGain() throws {
        // weight_gain = lr_multiplier / sqrt(in_features), with 4 inputs
        let generator = TorchPickle.generator(mappingAttributes: [("weight_gain", .double(0.25))])
        #expect(try reader(generator).metadata.mappingLearningRateMultiplier == 0.5)
    }

    @Test func blockArchitectures() throws {
        for name in ["skip", "resnet", "orig"] {
            let generator = TorchPickle.generator(blockAttributes: [("architecture", .string(name))])
            #expect(try reader(generator).metadata.blockArchitecture.rawValue == name)
        }
    }

    @Test(arguments: ["sg3-t-64", "sg3-r-32"])
    func styleGAN3IsToldApart(folder: String) throws {
        let metadata = try Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl")).metadata
        #expect(metadata.architecture == "stylegan3")
        #expect(metadata.convClamp == 256)
        #expect(metadata.mappingLearningRateMultiplier == 0.01)
        #expect(metadata.styleGAN3?.layers.count == 15)
    }

    /// A StyleGAN3 generator of one layer, of which each argument replaces a part.
    private static func styleGAN3(
        names: PythonObject = .list([.string("L0_36_8")]), size: PythonObject = .list([.int(36), .int(36)]),
        samplingRate: PythonObject = .double(16), upFactor: PythonObject = .int(2)
    ) -> PythonObject {
        let input = TorchPickle.module(
            "SynthesisInput", attributes: [("size", size), ("sampling_rate", samplingRate), ("bandwidth", .int(2))])
        let layer = TorchPickle.module(
            "SynthesisLayer",
            attributes: [
                ("in_size", size), ("out_size", size), ("up_factor", upFactor), ("down_factor", .int(2)),
                ("up_taps", .int(12)), ("down_taps", .int(12)), ("down_radial", .bool(true)),
                ("tmp_sampling_rate", .int(32)), ("in_cutoff", .double(2)), ("in_half_width", .double(6)),
                ("out_cutoff", .double(2.5)), ("out_half_width", .double(5.5)),
            ])
        let synthesis = TorchPickle.module(
            "SynthesisNetwork", modules: [("input", input), ("L0_36_8", layer)], attributes: [("layer_names", names)])
        return TorchPickle.module("Generator", modules: [("synthesis", synthesis)])
    }

    @Test func geometryOfStyleGAN3IsInTheAttributes() throws {
        let geometry = try reader(Self.styleGAN3()).metadata.styleGAN3
        let layer = StyleGAN3Geometry.Layer(
            name: "L0_36_8", inSize: 36, outSize: 36, upFactor: 2, downFactor: 2, upTaps: 12, downTaps: 12,
            isRadial: true, samplingRate: 32, inCutoff: 2, inHalfWidth: 6, outCutoff: 2.5, outHalfWidth: 5.5)
        #expect(
            geometry
                == StyleGAN3Geometry(
                    inputSize: 36, inputSamplingRate: 16, inputBandwidth: 2, outputScale: 0.25, layers: [layer]))
    }

    static let refusedStyleGAN3: [(PythonObject, String)] = [
        (styleGAN3(names: .int(1)), "module 'synthesis': attribute 'layer_names' is no list of names"),
        (styleGAN3(names: .list([])), "module 'synthesis': attribute 'layer_names' is no list of names"),
        (styleGAN3(names: .list([.int(1)])), "module 'synthesis': attribute 'layer_names' is no list of names"),
        (styleGAN3(names: .list([.string("L1")])), "module 'synthesis.L1' is missing"),
        (
            styleGAN3(size: .list([.int(36), .int(37)])),
            "module 'synthesis.input': attribute 'size' is not two equal integers"
        ),
        (
            styleGAN3(size: .list([.double(1e300), .double(1e300)])),
            "module 'synthesis.input': attribute 'size' is not two equal integers"
        ),
        (
            styleGAN3(samplingRate: .double(.nan)),
            "module 'synthesis.input': attribute 'sampling_rate' is not a finite number"
        ),
        (
            styleGAN3(upFactor: .double(1.5)), "module 'synthesis.L0_36_8': attribute 'up_factor' is not an integer"
        ),
    ]

    @Test(arguments: refusedStyleGAN3.indices)
    func saysWhatIsWrongWithAGeometry(index: Int) {
        let (generator, message) = Self.refusedStyleGAN3[index]
        let error = #expect(throws: CheckpointError.self) { try reader(generator) }
        #expect(error?.description == message)
    }

    /// Generator, message.
    static let refused: [(PythonObject, String)] = [
        (TorchPickle.generator(rootClass: "Discriminator"), "the network is a 'Discriminator', not a 'Generator'"),
        (TorchPickle.module("Generator"), "the generator is neither a StyleGAN2 nor a StyleGAN3"),
        (
            TorchPickle.generator(blockAttributes: [("architecture", .string("dense"))]),
            "block 'synthesis.b4' has architecture 'dense'"
        ),
        (
            TorchPickle.generator(layerAttributes: [("activation", .string("relu"))]),
            "layer 'synthesis.b4.conv1' has activation 'relu', only 'lrelu' is supported"
        ),
        (
            TorchPickle.generator(mappingAttributes: [("activation", .string("swish"))]),
            "layer 'mapping.fc0' has activation 'swish', only 'lrelu' is supported"
        ),
        (TorchPickle.generator(layerAttributes: [("conv_clamp", .int(-1))]), "conv_clamp is -1.0"),
        (
            TorchPickle.generator(mappingAttributes: [("bias_gain", .double(.nan))]),
            "the mapping network's learning rate multiplier is nan"
        ),
        (TorchPickle.generator(weight: .int(1)), "tensor 'synthesis.b4.conv1.weight': not a tensor"),
        (
            TorchPickle.generator(
                weight: TorchPickle.tensor(TorchPickle.Storage([1]).object, shape: [2], strides: [1])),
            "tensor 'synthesis.b4.conv1.weight': offset 0, shape [2] and strides [1] exceed the storage's 1 elements"
        ),
        (
            TorchPickle.generator(weight: TorchPickle.tensor(.int(1), shape: [2], strides: [1])),
            "tensor 'synthesis.b4.conv1.weight': its storage is not made from bytes"
        ),
        (
            TorchPickle.module("Generator", modules: [("synthesis", .int(1))]),
            "module 'synthesis' is no persistent object"
        ),
        (
            TorchPickle.module("Generator", modules: [(String(repeating: "x", count: 300), .int(1))]),
            "module '': _modules has a name that is no text of at most 256 bytes"
        ),
    ]

    @Test(arguments: refused.indices)
    func saysWhatItDoesNotRun(index: Int) {
        let (generator, message) = Self.refused[index]
        let error = #expect(throws: CheckpointError.self) { try reader(generator) }
        #expect(error?.description == message)
    }

    @Test func layersThatDifferAreUnsupported() {
        func layer(_ clamp: PythonObject) -> PythonObject {
            TorchPickle.module("SynthesisLayer", attributes: [("conv_clamp", clamp)])
        }
        let block = TorchPickle.module(
            "SynthesisBlock", modules: [("conv0", layer(.int(256))), ("conv1", layer(.none))])
        let synthesis = TorchPickle.module("SynthesisNetwork", modules: [("b4", block)])
        let generator = TorchPickle.module("Generator", modules: [("synthesis", synthesis)])
        #expect(
            throws: CheckpointError.unsupported(
                detail: "layers 'synthesis.b4.conv0' and 'synthesis.b4.conv1' differ in their conv_clamp")
        ) { try reader(generator) }
    }

    @Test func pickleOfSomethingElse() {
        for (object, message) in [
            (PythonObject.list([]), "the pickle holds no dictionary of networks"),
            (.dict([("a", .int(1))]), "network 'G_ema' is missing; the file has no network"),
        ] {
            let error = #expect(throws: CheckpointError.self) {
                try NVIDIANetworkPickleReader(ByteView(copying: object.pickled()))
            }
            #expect(error?.description == message)
        }
    }

    // MARK: Graphs without end

    @Test func moduleThatContainsItself() {
        // The state's _modules is one memoised dictionary whose only entry is the module itself.
        let head = PythonObject.global("torch_utils.persistence", "_reconstruct_persistent_obj")
        let meta = PythonObject.dict([
            ("type", .string("class")), ("class_name", .string("Generator")),
            ("state", .dict([("_modules", .raw([0x7d, 0x71, 5]))])),
        ])
        let module = PythonObject.reduce(head, [meta]).pickled().dropFirst(2).dropLast() + [0x71, 6]
        // memo[5]["again"] = memo[6]
        let loop: [UInt8] = [0x68, 5] + [0x55, 5] + Array("again".utf8) + [0x68, 6, 0x73, 0x30]
        let file = PythonObject.dict([("G_ema", .raw(module + loop))]).pickled()
        let error = #expect(throws: CheckpointError.self) { try NVIDIANetworkPickleReader(ByteView(copying: file)) }
        #expect(error?.description.contains("more than 16 levels") == true)
    }

    @Test func modulesThatUnfoldWithoutEnd() {
        // Each level holds the level below ten times: 10^15 modules.
        var module = TorchPickle.module("Leaf")
        for _ in 0..<15 {
            let first = PythonObject.raw(Array(module.pickled().dropFirst(2).dropLast()) + [0x71, 7])
            module = TorchPickle.module(
                "Inner", modules: [("0", first)] + (1..<10).map { ("\($0)", .raw([0x68, 7])) })
        }
        let error = #expect(throws: CheckpointError.self) { try reader(module) }
        #expect(error?.description.contains("1000 modules") == true)
    }

    @Test func namesThatMultiply() {
        // 400 tensors shared by 10^15 modules.
        let tensors = PythonObject.raw(
            Array(PythonObject.dict((0..<400).map { ("\($0)", .int(1)) }).pickled().dropFirst(2).dropLast()) + [
                0x71, 8,
            ])
        var module = TorchPickle.module("Leaf", attributes: [("_buffers", tensors)])
        for _ in 0..<15 {
            let first = PythonObject.raw(Array(module.pickled().dropFirst(2).dropLast()) + [0x71, 7])
            module = TorchPickle.module(
                "Inner", modules: (0..<10).map { ("\($0)", $0 == 0 ? first : .raw([0x68, 7])) },
                attributes: [("_buffers", .raw([0x68, 8]))])
        }
        let error = #expect(throws: CheckpointError.self) { try reader(module) }
        #expect(error?.description == "more than 10000 tensors")
    }

    @Test func namesThatGrow() {
        var module = TorchPickle.module("Leaf")
        for _ in 0..<4 {
            module = TorchPickle.module("Inner", modules: [(String(repeating: "x", count: 200), module)])
        }
        let error = #expect(throws: CheckpointError.self) { try reader(module) }
        #expect(error?.description.hasSuffix("its name has more than 512 bytes") == true)
    }
}
