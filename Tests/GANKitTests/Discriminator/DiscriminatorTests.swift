// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct DiscriminatorTests {
    struct Recipe: CustomTestStringConvertible {
        let architecture: CheckpointMetadata.BlockArchitecture
        var resolution = 16
        var channels = [5, 6, 7]
        var colours = 3
        var classes = 0
        var clamp: Float?
        let score: Double

        var testDescription: String {
            "\(architecture) \(resolution), \(colours) colours, \(classes) classes, clamp \(clamp ?? 0)"
        }

        /// The tensors that `recipe` in Tests/Tools/make_discriminator_fixtures.py draws.
        var checkpoint: SyntheticCheckpoint {
            var shapes: [String: [Int]] = [:]
            for index in channels.indices.dropLast() {
                let name = "b\(resolution >> index)"
                let (inputs, outputs) = (channels[index], channels[index + 1])
                shapes["\(name).resample_filter"] = [4, 4]
                if index == 0 || architecture == .skip {
                    shapes["\(name).fromrgb.weight"] = [inputs, colours, 1, 1]
                    shapes["\(name).fromrgb.bias"] = [inputs]
                }
                shapes["\(name).conv0.weight"] = [inputs, inputs, 3, 3]
                shapes["\(name).conv0.bias"] = [inputs]
                shapes["\(name).conv1.weight"] = [outputs, inputs, 3, 3]
                shapes["\(name).conv1.bias"] = [outputs]
                shapes["\(name).conv1.resample_filter"] = [4, 4]
                if architecture == .resnet {
                    shapes["\(name).skip.weight"] = [outputs, inputs, 1, 1]
                    shapes["\(name).skip.resample_filter"] = [4, 4]
                }
            }
            let last = channels[channels.count - 1]
            if architecture == .skip {
                shapes["b4.fromrgb.weight"] = [last, colours, 1, 1]
                shapes["b4.fromrgb.bias"] = [last]
            }
            shapes["b4.conv.weight"] = [last, last + 1, 3, 3]
            shapes["b4.conv.bias"] = [last]
            shapes["b4.fc.weight"] = [last, last * 16]
            shapes["b4.fc.bias"] = [last]
            shapes["b4.out.weight"] = [classes > 0 ? 4 : 1, last]
            shapes["b4.out.bias"] = [classes > 0 ? 4 : 1]
            if classes > 0 {
                shapes["mapping.embed.weight"] = [4, classes]
                shapes["mapping.embed.bias"] = [4]
                shapes["mapping.fc0.weight"] = [4, 4]
                shapes["mapping.fc0.bias"] = [4]
            }
            var recipes: [String: SyntheticCheckpoint.Recipe] = [:]
            for (index, name) in shapes.keys.sorted().enumerated() {
                recipes[name] = SyntheticCheckpoint.Recipe(
                    shape: shapes[name] ?? [], seed: UInt32(100 + index), scale: name.hasSuffix("bias") ? 0.1 : 1)
            }
            return SyntheticCheckpoint(
                recipes: recipes,
                metadata: CheckpointMetadata(
                    architecture: Discriminator.architecture, blockArchitecture: architecture, convClamp: clamp))
        }
    }

    /// What Tests/Tools/make_discriminator_fixtures.py prints.
    static let recipes = [
        Recipe(architecture: .skip, score: 0.25395295631443543),
        Recipe(architecture: .orig, score: 0.21812984101745625),
        Recipe(architecture: .resnet, score: 0.00838316163826234),
        Recipe(architecture: .skip, colours: 1, score: 0.29828156801067557),
        Recipe(architecture: .skip, clamp: 0.6, score: 0.2503840445803607),
        Recipe(architecture: .resnet, clamp: 0.6, score: -0.051909567927040656),
        Recipe(architecture: .orig, classes: 5, score: 0.0021460115604231265),
        Recipe(
            architecture: .resnet, resolution: 64, channels: [18, 20, 33, 34, 17], score: 0.4219676734121607),
    ]

    /// `numpy.random.RandomState(seed).randn(C, H, W) * 0.5`
    static func fill(_ workspace: DiscriminatorWorkspace, of discriminator: Discriminator, seed: UInt32) {
        var stream = NumPyRandomState(seed: seed)
        let pixels = discriminator.imgResolution * discriminator.imgResolution
        for channel in 0..<discriminator.imgChannels {
            for pixel in 0..<pixels {
                workspace.image.pointer[pixel * discriminator.imgChannels + channel] = Float(stream.nextNormal()) * 0.5
            }
        }
    }

    @Test(arguments: recipes)
    func everyWiringEqualsTheDefinition(_ recipe: Recipe) throws {
        let discriminator = try Discriminator(checkpoint: recipe.checkpoint)
        #expect(discriminator.imgResolution == recipe.resolution)
        #expect(discriminator.imgChannels == recipe.colours)
        #expect(discriminator.cDim == recipe.classes)
        let workspace = discriminator.makeWorkspace(threads: 2)
        Self.fill(workspace, of: discriminator, seed: 3)
        let score = try discriminator.score(classIndex: recipe.classes > 0 ? 2 : nil, workspace: workspace)
        #expect(abs(Double(score) - recipe.score) < 2e-6)
    }

    @Test(arguments: recipes)
    func bitsDependOnNeitherThreadsNorWhatCameBefore(_ recipe: Recipe) throws {
        let discriminator = try Discriminator(checkpoint: recipe.checkpoint)
        let classIndex = recipe.classes > 0 ? 4 : nil
        let pictures = (0..<3).map {
            RGBImage.smooth(width: recipe.resolution, height: recipe.resolution, phase: Double($0))
        }
        let alone = try pictures.map {
            try discriminator.score($0, classIndex: classIndex, workspace: discriminator.makeWorkspace(threads: 1))
        }
        #expect(Set(alone).count == 3)
        for threads in [1, 2, 5] {
            let workspace = discriminator.makeWorkspace(threads: threads)
            for index in [0, 2, 1, 0, 1, 2] {
                let score = try discriminator.score(pictures[index], classIndex: classIndex, workspace: workspace)
                #expect(score == alone[index])
            }
        }
    }

    @Test func bytesBecomeNumbersFromMinusOneToOne() throws {
        let discriminator = try Discriminator(checkpoint: Self.recipes[0].checkpoint)
        let workspace = discriminator.makeWorkspace(threads: 1)
        let picture = RGBImage.smooth(width: 16, height: 16)
        let score = try discriminator.score(picture, workspace: workspace)
        for (index, byte) in picture.pixels.enumerated() {
            workspace.image.pointer[index] = Float(byte) / 127.5 - 1
        }
        #expect(try discriminator.score(classIndex: nil, workspace: workspace) == score)
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        let discriminator = try Discriminator(checkpoint: Self.recipes[0].checkpoint)
        #expect(throws: GenerationError.pictureSize(width: 16, height: 17, imgResolution: 16)) {
            try discriminator.score(
                .smooth(width: 16, height: 17), workspace: discriminator.makeWorkspace(threads: 1))
        }
    }

    @Test(
        arguments: [
            (nil, .classMissing(classes: 5)), (5, .classOutOfRange(classIndex: 5, classes: 5)),
            (-1, .classOutOfRange(classIndex: -1, classes: 5)),
        ] as [(Int?, GenerationError)])
    func classesAreChecked(classIndex: Int?, error: GenerationError) throws {
        let discriminator = try Discriminator(checkpoint: Self.recipes[6].checkpoint)
        #expect(throws: error) {
            try discriminator.score(
                .smooth(width: 16, height: 16), classIndex: classIndex,
                workspace: discriminator.makeWorkspace(threads: 1))
        }
    }

    @Test func generatorsAreNoDiscriminators() {
        let generator = SyntheticCheckpoint.styleGAN2(
            imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 16, wDim: 12, mappingLayers: 3)
        #expect(throws: CheckpointError.unsupported(detail: "architecture 'stylegan2' is no discriminator")) {
            try Discriminator(checkpoint: generator)
        }
    }

    /// A reader without one tensor, or with one of another shape.
    private struct Spoilt: CheckpointReader {
        let reader: SyntheticCheckpoint
        let name: String
        let shape: [Int]?
        var formatName: String { reader.formatName }
        var metadata: CheckpointMetadata { reader.metadata }
        var tensorNames: [String] { reader.tensorNames.filter { shape != nil || $0 != name } }
        func shape(of name: String) -> [Int]? { name == self.name ? shape : reader.shape(of: name) }
        func tensor(_ name: String) throws -> Tensor {
            guard let shape = shape(of: name) else { throw CheckpointError.missingTensor(name: name) }
            return Tensor(shape: shape) { $0.initialize(repeating: 1) }
        }
    }

    @Test(arguments: recipes.prefix(7))
    func everyTensorIsNeeded(_ recipe: Recipe) {
        let checkpoint = recipe.checkpoint
        // The skip's filter is that of the block; a network without classes is another network.
        let optional = ["b16.resample_filter", "b8.resample_filter", "mapping.embed.weight"]
        for name in checkpoint.tensorNames
        where !name.hasSuffix("skip.resample_filter") && (!optional.contains(name)) {
            #expect(throws: CheckpointError.self, "without \(name)") {
                try Discriminator(checkpoint: Spoilt(reader: checkpoint, name: name, shape: nil))
            }
            for shape in [[], [3], [9, 9, 3, 3], [1000, 1000]] where !name.hasSuffix("filter") || shape != [3] {
                #expect(throws: CheckpointError.self, "\(name) of shape \(shape)") {
                    try Discriminator(checkpoint: Spoilt(reader: checkpoint, name: name, shape: shape))
                }
            }
        }
    }

    @Test func filtersOfMoreTapsAreRefused() {
        let spoilt = Spoilt(reader: Self.recipes[2].checkpoint, name: "b16.conv1.resample_filter", shape: [6, 6])
        #expect(
            throws: CheckpointError.unsupported(
                detail: "tensor 'b16.conv1.resample_filter': a filter of 6 taps is not supported here, only up to 4")
        ) { try Discriminator(checkpoint: spoilt) }
    }
}
