// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

/// What a generator says of checkpoints that lack a tensor or hold one that does not fit.
struct GeneratorCheckpointErrorTests {
    /// A sound checkpoint but for one change.
    struct Altered: CheckpointReader {
        var base = SyntheticCheckpoint.styleGAN2(
            imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 16, wDim: 12, mappingLayers: 2)
        var missing: String?
        var reshaped: (name: String, shape: [Int])?
        var metadata = CheckpointMetadata()

        var formatName: String { base.formatName }
        var tensorNames: [String] { base.tensorNames.filter { $0 != missing } }
        func shape(of name: String) -> [Int]? {
            name == missing ? nil : name == reshaped?.name ? reshaped?.shape : base.shape(of: name)
        }
        func tensor(_ name: String) throws -> Tensor {
            guard let shape = shape(of: name) else { throw CheckpointError.missingTensor(name: name) }
            return Tensor(shape: shape) { $0.update(repeating: 1) }
        }
    }

    /// Every tensor but the filters of layers that do not resample, which checkpoints hold without need.
    static let neededTensors = Altered().base.tensorNames.filter {
        !$0.hasSuffix("resample_filter") || $0.contains("b8.conv0") || $0 == "synthesis.b8.resample_filter"
    }

    @Test(arguments: neededTensors)
    func missingTensorIsNamed(_ name: String) {
        #expect(throws: CheckpointError.missingTensor(name: name)) {
            try Generator(checkpoint: Altered(missing: name))
        }
    }

    @Test(arguments: neededTensors)
    func tensorOfAnotherShapeIsNamed(_ name: String) {
        let shape = (Altered().shape(of: name) ?? []) + [1]
        let error = #expect(throws: CheckpointError.self) {
            try Generator(checkpoint: Altered(reshaped: (name, shape)))
        }
        #expect(error?.description.contains("'\(name)'") == true)
        #expect(error?.description.contains("\(shape)") == true)
    }

    @Test(arguments: [
        (
            CheckpointMetadata(architecture: "biggan"),
            "architecture 'biggan' is not supported, only 'stylegan', 'stylegan2', 'stylegan3', 'dcgan'"
        ),
        (CheckpointMetadata(blockArchitecture: .resnet), "tensor 'synthesis.b8.skip.weight' is missing"),
    ])
    func unsupportedKindIsNamed(metadata: CheckpointMetadata, message: String) {
        let error = #expect(throws: CheckpointError.self) { try Generator(checkpoint: Altered(metadata: metadata)) }
        #expect(error?.description == message)
    }

    @Test func oversizedActivationIsRefusedBeforeItIsAllocated() {
        let altered = Altered(reshaped: ("synthesis.b8.conv1.weight", [1 << 23, 1, 3, 3]))
        let error = #expect(throws: CheckpointError.self) { try Generator(checkpoint: altered) }
        #expect(error?.description.contains("8388608 channels at 8x8 pixels") == true)
    }
}
