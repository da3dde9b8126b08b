// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

/// What a StyleGAN3 generator says of checkpoints that lack a tensor or whose geometry does not fit.
struct StyleGAN3CheckpointErrorTests {
    static let base = SyntheticCheckpoint.styleGAN3(
        .t, imgResolution: 16, channelBase: 64, channelMax: 4, zDim: 8, wDim: 8)

    static func altered(
        missing: String? = nil, reshaped: (name: String, shape: [Int])? = nil,
        _ change: (inout StyleGAN3Geometry) -> Void = { _ in }
    ) throws -> GeneratorCheckpointErrorTests.Altered {
        var geometry = try #require(base.metadata.styleGAN3)
        change(&geometry)
        return GeneratorCheckpointErrorTests.Altered(
            base: base, missing: missing, reshaped: reshaped,
            metadata: CheckpointMetadata(architecture: "stylegan3", styleGAN3: geometry))
    }

    @Test(arguments: base.tensorNames)
    func missingTensorIsNamed(_ name: String) {
        #expect(throws: CheckpointError.missingTensor(name: name)) {
            try Generator(checkpoint: Self.altered(missing: name))
        }
    }

    @Test(arguments: base.tensorNames)
    func tensorOfAnotherShapeIsNamed(_ name: String) {
        let shape = (Self.base.shape(of: name) ?? []) + [1]
        let error = #expect(throws: CheckpointError.self) {
            try Generator(checkpoint: Self.altered(reshaped: (name, shape)))
        }
        #expect(error?.description.contains("'\(name)'") == true)
        #expect(error?.description.contains("\(shape)") == true)
    }

    /// What changes, what the message says.
    static let geometries: [(@Sendable (inout StyleGAN3Geometry) -> Void, String)] = [
        ({ $0.layers = [] }, "does not tell the geometry"),
        ({ $0.inputSize = 5 }, "takes 36 and makes 36 pixels a side after a map of 5"),
        ({ $0.layers[0].outSize = 1 << 40 }, "makes 1099511627776 pixels a side"),
        ({ $0.layers[0].outSize = -3 }, "makes -3 pixels a side"),
        ({ $0.layers[0].upFactor = 0 }, "up-samples by 0 with 12 taps"),
        ({ $0.layers[0].upFactor = 9 }, "up-samples by 9 with 12 taps"),
        ({ $0.layers[0].downFactor = 9 }, "down-samples by 9 with 12; factors up to 8"),
        ({ $0.layers[0].downTaps = 1000 }, "down-samples by 2 with 1000; factors up to 8 and 128 taps"),
        ({ $0.layers[0].downTaps = 1 }, "a down-sampling filter of 1 taps by 2"),
        ({ $0.layers[14].upFactor = 2 }, "the last one, filters"),
        ({ $0.inputBandwidth = 8 }, "sampling rate 16.0 is not above twice its bandwidth 8.0"),
    ]

    @Test(arguments: geometries.indices)
    func geometryThatDoesNotFitIsNamed(index: Int) {
        let (change, message) = Self.geometries[index]
        let error = #expect(throws: CheckpointError.self) { try Generator(checkpoint: Self.altered(change)) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test(arguments: [SyntheticCheckpoint.StyleGAN3Configuration.t, .r])
    func largestOfficialNetworkIsWithinTheBounds(_ configuration: SyntheticCheckpoint.StyleGAN3Configuration) throws {
        let network = SyntheticCheckpoint.styleGAN3(configuration, imgResolution: 1024)
        let sizes = try StyleGAN3Configuration(ParameterMap(reader: network))
        #expect(sizes.imgResolution == 1024)
        #expect(sizes.channels == (configuration == .t ? 512 : 1024))
    }

    @Test func oversizedActivationIsRefusedBeforeItIsAllocated() throws {
        let name = "synthesis.L0_36_4.weight"
        let error = #expect(throws: CheckpointError.self) {
            try Generator(checkpoint: Self.altered(reshaped: (name, [1 << 20, 4, 3, 3])))
        }
        #expect(error?.description.hasPrefix("tensor '\(name)': 1048576 channels at 36x36 pixels exceed") == true)
    }

    @Test func checkpointWithoutGeometryIsUnsupported() {
        let altered = GeneratorCheckpointErrorTests.Altered(
            base: Self.base, metadata: CheckpointMetadata(architecture: "stylegan3"))
        let error = #expect(throws: CheckpointError.self) { try Generator(checkpoint: altered) }
        #expect(error?.description == "the checkpoint does not tell the geometry of its StyleGAN3 layers")
    }
}
