// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct StyleGAN3GeometryTests {
    /// Folder, resolution, channel_base, channel_max, whether radial: as the fixtures' `init_kwargs` say.
    @Test(arguments: [("sg3-t-64", 64, 1024, 32, false), ("sg3-r-32", 32, 1024, 64, true)])
    func officialGeometryIsThatOfTheCheckpoints(
        folder: String, resolution: Int, channelBase: Int, channelMax: Int, isRadial: Bool
    ) throws {
        let read = try #require(Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl")).metadata.styleGAN3)
        let official = StyleGAN3Geometry.official(imgResolution: resolution, isRadial: isRadial) { cutoff in
            Int(min(Double(channelBase) / 2 / cutoff, Double(channelMax)).rounded())
        }
        #expect(official.layers.map(\.name) == read.layers.map(\.name))
        #expect(official.inputSize == read.inputSize)
        #expect(official.inputSamplingRate == read.inputSamplingRate)
        #expect(official.inputBandwidth == read.inputBandwidth)
        #expect(official.outputScale == read.outputScale)
        for (mine, theirs) in zip(official.layers, read.layers) {
            var rounded = mine
            // Powers are computed in another order.
            for path in [\StyleGAN3Geometry.Layer.inCutoff, \.outCutoff, \.inHalfWidth, \.outHalfWidth]
            where abs(mine[keyPath: path] - theirs[keyPath: path]) < 1e-12 * theirs[keyPath: path] {
                rounded[keyPath: path] = theirs[keyPath: path]
            }
            #expect(rounded == theirs)
        }
    }

    @Test func metadataReadsBackAsItWas() throws {
        let geometry = StyleGAN3Geometry.official(imgResolution: 64, isRadial: true) { _ in 8 }
        let metadata = CheckpointMetadata(architecture: "stylegan3", convClamp: 256, styleGAN3: geometry)
        #expect(try SafetensorsMetadata.decode(SafetensorsMetadata.encode(metadata)) == metadata)
    }

    /// Key, value, message.
    @Test(arguments: [
        (
            "stylegan3.input", "size=36 sampling_rate",
            "metadata 'stylegan3.input' is 'size=36 sampling_rate', expected numbers as 'name=1.5', separated by spaces"
        ),
        (
            "stylegan3.input", "size=nan",
            "metadata 'stylegan3.input' is 'size=nan', expected numbers as 'name=1.5', separated by spaces"
        ),
        (
            "stylegan3.input", "size=36",
            "metadata 'stylegan3.input' is 'size=36', expected a number 'sampling_rate' among others"
        ),
        (
            "stylegan3.L0_36_8", "in_size=36.5",
            "metadata 'stylegan3.L0_36_8' is 'in_size=36.5', expected an integer 'in_size' among others"
        ),
        (
            "stylegan3.L0_36_8", "in_size=1e300",
            "metadata 'stylegan3.L0_36_8' is 'in_size=1e300', expected an integer 'in_size' among others"
        ),
    ])
    func malformedMetadataIsNamed(key: String, value: String, message: String) {
        let geometry = StyleGAN3Geometry.official(imgResolution: 64, isRadial: false) { _ in 8 }
        var strings = SafetensorsMetadata.encode(
            CheckpointMetadata(architecture: "stylegan3", styleGAN3: geometry))
        strings[key] = value
        let error = #expect(throws: CheckpointError.self) { try SafetensorsMetadata.decode(strings) }
        #expect(error?.description == message)
    }
}
