// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// What follows each convolution of StyleGAN: noise of each channel's own strength, bias and leaky ReLU, then each channel
/// is brought to mean 0 and variance 1 over the image, scaled and shifted by the style (Karras, Laine, Aila: "A style-based
/// generator architecture for generative adversarial networks", 2019, section 2).
///
/// Rows are summed on their own and in order, so that the bits do not depend on the threads.
struct AdaptiveInstanceNorm: Sendable {
    private static let epsilon = 1e-8

    /// Of the activations.
    let map: ActivationMap
    /// [C']
    let bias: Tensor
    /// [C']
    let noiseStrength: Tensor

    /// The elements of scratch memory: sums of each row, and a mean and a factor of each channel.
    var scratchCount: Int { (map.height + 2) * map.channels }

    /// - Parameters:
    ///   - y: the convolution's result, a `map`; overwritten
    ///   - noise: [H, W], or nil for none
    ///   - scale: [C'], zero where there is no channel
    ///   - shift: [C'], likewise
    func apply(
        _ y: UnsafeMutablePointer<Float>, noise: UnsafePointer<Float>?, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let sums = scratch
        let means = scratch + map.height * map.channels
        let factors = means + map.channels
        activate(y, noise: noise, sums: sums, loop: loop)
        average(sums) { means[$0] = Float($1) }
        sumSquares(y, means: means, sums: sums, loop: loop)
        average(sums) { factors[$0] = Float(1 / ($1 + Self.epsilon).squareRoot()) * scale[$0] }
        forEachBlock(loop) { row, channel in
            let (mean, factor) = (load16(means + channel), load16(factors + channel))
            let offset = load16(shift + channel)
            var pixel = y + map.offset(row: row, column: 0) + channel
            for _ in 0..<map.width {
                store16(offset.addingProduct(load16(pixel) - mean, factor), to: pixel)
                pixel += map.channels
            }
        }
    }

    /// Noise, bias and leaky ReLU; sums the rows of the result, [H, C'].
    private func activate(
        _ y: UnsafeMutablePointer<Float>, noise: UnsafePointer<Float>?, sums: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        bias.withUnsafeBufferPointer { bias in
            noiseStrength.withUnsafeBufferPointer { strength in
                guard let bias = bias.baseAddress, let strength = strength.baseAddress else { return }
                forEachBlock(loop) { row, channel in
                    let (offset, strength) = (load16(bias + channel), load16(strength + channel))
                    var pixel = y + map.offset(row: row, column: 0) + channel
                    var sum = Lanes.zero
                    for column in 0..<map.width {
                        var value = load16(pixel) + offset
                        if let noise {
                            value.addProduct(strength, Lanes(repeating: noise[row * map.width + column]))
                        }
                        value.replace(with: value * ActivationEpilogue.negativeSlope, where: value .< 0)
                        sum += value
                        store16(value, to: pixel)
                        pixel += map.channels
                    }
                    store16(sum, to: sums + row * map.channels + channel)
                }
            }
        }
    }

    /// Sums the squared distances from the mean, [H, C'].
    private func sumSquares(
        _ y: UnsafePointer<Float>, means: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        forEachBlock(loop) { row, channel in
            let mean = load16(means + channel)
            var pixel = y + map.offset(row: row, column: 0) + channel
            var sum = Lanes.zero
            for _ in 0..<map.width {
                let distance = load16(pixel) - mean
                sum.addProduct(distance, distance)
                pixel += map.channels
            }
            store16(sum, to: sums + row * map.channels + channel)
        }
    }

    /// The mean over the pixels of each channel.
    private func average(_ sums: UnsafePointer<Float>, _ body: (_ channel: Int, _ mean: Double) -> Void) {
        for channel in 0..<map.channels {
            var total = 0.0
            for row in 0..<map.height {
                total += Double(sums[row * map.channels + channel])
            }
            body(channel, total / Double(map.height * map.width))
        }
    }

    /// Each block of sixteen channels of each row.
    private func forEachBlock(_ loop: ParallelLoop, _ body: (_ row: Int, _ channel: Int) -> Void) {
        loop.run(map.height) { row, _ in
            for channel in stride(from: 0, to: map.channels, by: Lanes.count) {
                body(row, channel)
            }
        }
    }
}

/// Sixteen elements from memory of any alignment.
@inline(__always)
private func load16(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
private func store16(_ lanes: Lanes, to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
}
