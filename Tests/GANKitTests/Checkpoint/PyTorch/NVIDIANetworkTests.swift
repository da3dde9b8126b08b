// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct NVIDIANetworkTests {
    private func network(_ name: String, in fixture: String) throws -> NVIDIANetwork {
        try Checkpoint.network(name, in: Checkpoint.map(path: GoldenArchive.path(fixture)))
    }

    /// Sizes as pickle.Unpickler with stubs shows them.
    @Test func discriminatorBesideTheGenerator() throws {
        let network = try network("D", in: "ada-c-cond-32/network.pkl")
        #expect(network.className == "Discriminator")
        #expect(network.shape(of: "b32.fromrgb.weight") == [8, 3, 1, 1])
        #expect(network.shape(of: "b4.conv.weight") == [16, 17, 3, 3])
        #expect(try network.tensor("mapping.embed.weight").shape == [16, 10])
        #expect(network.tensorNames == network.tensorNames.sorted())
        for name in network.tensorNames {
            #expect(try network.tensor(name).shape == network.shape(of: name))
        }
    }

    @Test func attributesAndArgumentsOfItsModules() throws {
        let network = try network("D", in: "ada-d-clamp-32/network.pkl")
        let root = try network.module("")
        #expect(root.attributes.number("img_resolution") == 32)
        #expect(root.attributes.numbers("block_resolutions") == [32, 16, 8])
        #expect(root.initArguments.number("conv_clamp") == 256)
        #expect(root.initArguments.dictionary("epilogue_kwargs").number("mbstd_group_size") == 4)
        #expect(root.initArguments.dictionary("nothing").values.isEmpty)
        #expect(try network.module("b4.mbstd").className == "MinibatchStdLayer")
        #expect(try network.module("b32").attributes.text("architecture") == "resnet")
        // Of numpy: 1 / sqrt(3)
        #expect(try network.module("b32.fromrgb").attributes.number("weight_gain") == 0.577_350_269_189_625_8)
    }

    @Test func elementsAreThoseOfTheNetworkOfThatName() throws {
        func entry(_ elements: [Float]) -> PythonObject {
            TorchPickle.module("Discriminator", parameters: [("weight", TorchPickle.parameter([2], elements))])
        }
        let file = PythonObject.dict([("G", entry([1, 2])), ("D", entry([3, 4]))]).pickled()
        let document = try PickleMachine.run(ByteView(copying: file))
        #expect(try NVIDIANetwork(document, name: "D").tensor("weight").elements == [3, 4])
        #expect(try NVIDIANetwork(document, name: "G").tensor("weight").elements == [1, 2])
    }

    @Test func whatIsNotThereIsNamed() throws {
        let network = try network("D", in: "ada-a-32/network.pkl")
        #expect(network.shape(of: "b4.conv") == nil)
        #expect(throws: CheckpointError.missingTensor(name: "b4.conv")) { try network.tensor("b4.conv") }
        #expect(throws: CheckpointError.malformed(detail: "module 'b64' is missing")) { try network.module("b64") }
    }

    @Test(arguments: ["ada-a-32/G_ema.safetensors", "rosinality-a-32/checkpoint.pt"])
    func otherFormatsHoldNone(fixture: String) {
        #expect(
            throws: CheckpointError.unsupported(
                detail: "only PyTorch network pickles hold networks by name, such as 'D'")
        ) { try network("D", in: fixture) }
    }

    @Test func tensorFlowPickleHoldsNone() {
        #expect(throws: CheckpointError.unsupported(detail: "the pickle holds no dictionary of networks")) {
            try network("D", in: "tf-a-32/network.pkl")
        }
    }
}
