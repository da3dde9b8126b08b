// SPDX-License-Identifier: Apache-2.0

/// The network that turns w vectors into images. In the "skip" architecture the image grows with the blocks, each of which
/// adds what its ToRGB layer makes; in "resnet" and "orig" the last block makes all of it.
///
/// The images of a batch go through the small blocks together, where each layer's weights are heavy and are then read
/// once for all; through the large blocks they go one by one, where each image's activations are heavy.
struct SynthesisNetwork: Sendable {
    /// The most images that go through the small blocks together.
    static let maxBatch = 8
    /// The largest block that they share.
    static let largestSharedResolution = 64

    let blocks: [SynthesisBlock]
    /// Every convolution in order.
    let layers: [SynthesisLayer]
    let imgChannels: Int
    let wDim: Int

    init(_ parameters: ParameterMap, configuration: SynthesisConfiguration, loop: ParallelLoop) throws {
        imgChannels = configuration.imgChannels
        wDim = configuration.wDim
        var blocks: [SynthesisBlock] = []
        for (index, resolution) in configuration.blockResolutions.enumerated() {
            blocks.append(
                try SynthesisBlock(
                    parameters, configuration: configuration, resolution: resolution,
                    inputChannels: index == 0 ? nil : configuration.channels[index - 1],
                    outputChannels: configuration.channels[index], wIndex: index == 0 ? 0 : 2 * index - 1,
                    maxBatch: resolution <= Self.largestSharedResolution ? Self.maxBatch : 1, loop: loop))
        }
        self.blocks = blocks
        layers = blocks.flatMap(\.layers)
    }

    /// The blocks that the images of a batch go through together.
    var sharedBlocks: ArraySlice<SynthesisBlock> { blocks.prefix { $0.resolution <= Self.largestSharedResolution } }

    /// Synthesises a batch of images, no more than the workspace has room for.
    ///
    /// - Parameters:
    ///   - ws: of each image, [numWs, wDim]
    ///   - noise: of each image
    ///   - deliver: is handed each image in turn, [imgChannels, H, W], which is valid during the call
    func callAsFunction(
        ws: [UnsafePointer<Float>], noise: [NoiseSource], workspace: StyleGAN2Workspace,
        deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        prepareStyles(ws: ws, workspace: workspace)
        var lanes = noise.enumerated().map { SynthesisLane(image: $0, noise: $1, workspace: workspace) }
        for index in sharedBlocks.indices {
            run(index, on: &lanes, workspace: workspace)
        }
        for lane in lanes {
            var single = [lane]
            single[0].moveToSingleMemory(of: workspace)
            for index in sharedBlocks.endIndex..<blocks.endIndex {
                run(index, on: &single, workspace: workspace)
            }
            deliver(lane.image, UnsafePointer(single[0].pixels))
        }
    }

    /// Runs one block.
    private func run(_ index: Int, on lanes: inout [SynthesisLane], workspace: StyleGAN2Workspace) {
        let block = blocks[index]
        switch block.input {
        case .const(let const):
            const.withUnsafeBufferPointer { const in
                guard let const = const.baseAddress else { return }
                for lane in lanes.indices {
                    lanes[lane].input = const
                }
                workspace.measured(block.conv1.name, block.conv1.multiplyAdds) {
                    block.conv1.apply(&lanes, from: \.input, to: \.x, workspace: workspace)
                }
            }
        case .conv0(let conv0):
            workspace.measured(conv0.name, conv0.multiplyAdds) {
                conv0.apply(&lanes, from: \.input, to: \.y, workspace: workspace)
            }
            if let skip = block.skip {
                // Before conv1 overwrites the block's input, and into memory that conv0 no longer needs.
                workspace.measured("b\(block.resolution).skip", skip.multiplyAdds) {
                    forEachSkip(skip, lanes, workspace) { skip.convolve(x: $0.input, t: $1, loop: workspace.loop) }
                }
            }
            if block.skip == nil, let torgb = block.torgb, block.conv1.convolution.canHandOver {
                convolveToRGB(index, torgb, on: &lanes, workspace: workspace)
                return
            }
            workspace.measured(block.conv1.name, block.conv1.multiplyAdds) {
                block.conv1.apply(&lanes, from: \.between, to: \.x, workspace: workspace)
            }
            if let skip = block.skip {
                forEachSkip(skip, lanes, workspace) { skip.add(t: $1, to: $0.x, loop: workspace.loop) }
            }
        }
        for lane in lanes.indices {
            lanes[lane].input = UnsafePointer(lanes[lane].x)
        }
        addImage(index, on: &lanes, workspace: workspace)
    }

    /// Calls `body` with each lane and its part of the memory for the skip layer's intermediate map.
    private func forEachSkip(
        _ skip: SkipLayer, _ lanes: [SynthesisLane], _ workspace: StyleGAN2Workspace,
        _ body: (SynthesisLane, UnsafeMutablePointer<Float>) -> Void
    ) {
        for (index, lane) in lanes.enumerated() {
            body(lane, workspace.intermediate.pointer + index * skip.intermediate.count)
        }
    }

    /// Adds a block's part of the image to what the blocks before have made, if it has one.
    private func addImage(_ index: Int, on lanes: inout [SynthesisLane], workspace: StyleGAN2Workspace) {
        let block = blocks[index]
        guard let torgb = block.torgb else { return }
        beginImage(block, on: &lanes, workspace: workspace)
        workspace.measured("b\(block.resolution).torgb", torgb.multiplyAdds) {
            for lane in lanes {
                torgb.apply(
                    x: lane.input, weights: workspace.rgbWeights[lane.image][index], addingTo: lane.pixels,
                    loop: workspace.loop)
            }
        }
    }

    /// Doubles the image so far, or begins with an empty one.
    private func beginImage(_ block: SynthesisBlock, on lanes: inout [SynthesisLane], workspace: StyleGAN2Workspace) {
        for lane in lanes.indices {
            if let upsampling = block.imageUpsampling {
                let next = lanes[lane].nextPixels
                upsampling.apply(
                    x: lanes[lane].pixels, channels: imgChannels, height: block.resolution / 2,
                    width: block.resolution / 2, y: next, loop: workspace.loop)
                lanes[lane].pixels = next
            } else {
                // The first image may be as large as the network's: it belongs where this block's maps are.
                lanes[lane].pixels = lanes[lane].pixelBuffers.0
                lanes[lane].pixels.update(repeating: 0, count: imgChannels * block.resolution * block.resolution)
            }
        }
    }

    /// A block's last convolution with its ToRGB layer, which makes pixels of each tile while it is in the cache. After the last
    /// block nobody else needs the convolution's output.
    private func convolveToRGB(
        _ index: Int, _ torgb: ToRGBLayer, on lanes: inout [SynthesisLane], workspace: StyleGAN2Workspace
    ) {
        let (block, conv1) = (blocks[index], blocks[index].conv1)
        beginImage(block, on: &lanes, workspace: workspace)
        let targets = lanes.map { (weights: workspace.rgbWeights[$0.image][index], image: $0.pixels) }
        let isLast = index == blocks.count - 1
        let receiver = PixelReceiver(needsMap: !isLast || !conv1.convolution.needsNoMap) { lane, row, columns, pixels in
            torgb.apply(
                pixels: pixels, row: row, columns: columns, weights: targets[lane].weights,
                addingTo: targets[lane].image)
        }
        workspace.measured(conv1.name, conv1.multiplyAdds + torgb.multiplyAdds) {
            conv1.apply(&lanes, from: \.between, to: \.x, workspace: workspace, receiver: receiver)
        }
        for lane in lanes.indices {
            lanes[lane].input = UnsafePointer(lanes[lane].x)
        }
    }

    /// Computes the factors of all layers, which depend on ws alone.
    private func prepareStyles(ws: [UnsafePointer<Float>], workspace: StyleGAN2Workspace) {
        let count = layers.count + blocks.count
        workspace.loop.run(ws.count * count) { piece, _ in
            let (image, index) = piece.quotientAndRemainder(dividingBy: count)
            if index < layers.count {
                layers[index].prepare(ws: ws[image], wDim: wDim, style: workspace.layerStyles[image][index])
            } else {
                let block = index - layers.count
                blocks[block].torgb?.prepare(ws: ws[image], wDim: wDim, weights: workspace.rgbWeights[image][block])
            }
        }
    }
}
