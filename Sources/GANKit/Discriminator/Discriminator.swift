// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The network against which a StyleGAN2 or StyleGAN3 generator was trained: it tells how real a picture looks.
///
/// Scores are those that the official PyTorch implementation gives to a batch of that picture alone, in full precision. A
/// score depends on neither the threads nor the pictures before.
///
/// ```swift
/// guard let checkpoint = try Checkpoint.discriminator(in: file) else { return }
/// let discriminator = try Discriminator(checkpoint: checkpoint)
/// let workspace = discriminator.makeWorkspace(threads: 2)
/// let score = try discriminator.score(picture, workspace: workspace)
/// ```
public final class Discriminator: Sendable {
    /// The name that checkpoints have for this architecture.
    static let architecture = "stylegan2-discriminator"

    /// Width and height of the pictures in pixels.
    public let imgResolution: Int
    /// 3 for RGB, 1 for grey.
    public let imgChannels: Int
    /// Number of classes; 0 for an unconditional model.
    public let cDim: Int
    /// From the largest to 8x8.
    private let blocks: [DiscriminatorBlock]
    private let epilogue: DiscriminatorEpilogue
    /// What halves the picture in the skip architecture.
    private let downsampling: ImageDownsampling?
    private let classes: ClassProjection?

    /// Loads a network, on up to `threads` threads; nil takes all processors.
    ///
    /// - Throws: `CheckpointError` when a tensor is missing or does not fit, or the network is of an unsupported kind.
    public init(checkpoint: any CheckpointReader, threads: Int? = nil) throws {
        let parameters = ParameterMap(reader: checkpoint)
        let loop = ParallelLoop(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        guard checkpoint.metadata.architecture == Self.architecture else {
            throw CheckpointError.unsupported(
                detail: "architecture \(checkpoint.metadata.architecture.quoted) is no discriminator")
        }
        let sizes = try DiscriminatorConfiguration(parameters)
        imgResolution = sizes.imgResolution
        imgChannels = sizes.imgChannels
        blocks = try sizes.blockResolutions.map { resolution in
            try DiscriminatorBlock(parameters, configuration: sizes, resolution: resolution, loop: loop)
        }
        epilogue = try DiscriminatorEpilogue(parameters, configuration: sizes, loop: loop)
        downsampling =
            try sizes.architecture == .skip
            ? sizes.blockResolutions.first.map { resolution in
                let name = "b\(resolution).resample_filter"
                return ImageDownsampling(filter: try ResampleFilter(parameters.anyTensor(name), name: name))
            } : nil
        classes = try parameters.contains("mapping.embed.weight") ? ClassProjection(parameters) : nil
        cDim = classes?.count ?? 0
        _ = try parameters.shape("b4.out.weight", [classes?.width ?? 1, nil])
    }

    /// The memory for one worker that scores on up to `threads` threads.
    public func makeWorkspace(threads: Int) -> DiscriminatorWorkspace {
        DiscriminatorWorkspace(
            image: imgChannels * imgResolution * imgResolution, blocks: blocks, epilogue: epilogue, threads: threads)
    }

    /// How real a picture looks: the larger the more. There is no scale; scores of one discriminator can be compared.
    ///
    /// - Parameters:
    ///   - picture: of the model's resolution
    ///   - classIndex: the class that a conditional model made it of
    /// - Throws: `GenerationError`
    public func score(
        _ picture: RGBImage, classIndex: Int? = nil, workspace: DiscriminatorWorkspace
    ) throws(GenerationError) -> Float {
        guard picture.width == imgResolution, picture.height == imgResolution else {
            throw GenerationError.pictureSize(
                width: picture.width, height: picture.height, imgResolution: imgResolution)
        }
        // As the official training loop scales real pictures.
        for pixel in 0..<imgResolution * imgResolution {
            for channel in 0..<imgChannels {
                workspace.image.pointer[pixel * imgChannels + channel] =
                    Float(picture.pixels[pixel * 3 + channel]) / 127.5 - 1
            }
        }
        return try score(classIndex: classIndex, workspace: workspace)
    }

    /// Scores what lies in the workspace's image, [H, W, C], about -1 to 1.
    func score(classIndex: Int?, workspace: DiscriminatorWorkspace) throws(GenerationError) -> Float {
        let classIndex = try GenerationError.checked(classIndex, classes: cDim)
        let loop = ParallelLoop(threads: workspace.threads)
        var (image, nextImage) = (workspace.image, workspace.nextImage)
        for (index, block) in blocks.enumerated() {
            block.apply(image: image.pointer, isFirst: index == 0, workspace: workspace, loop: loop)
            if let downsampling {
                downsampling.apply(
                    x: image.pointer, channels: imgChannels, size: block.resolution, y: nextImage.pointer, loop: loop)
                swap(&image, &nextImage)
            }
        }
        let outputs = epilogue.apply(image: image.pointer, isFirst: blocks.isEmpty, workspace: workspace)
        return classes?.project(outputs, onto: classIndex) ?? outputs[0]
    }
}
