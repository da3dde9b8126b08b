// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// Scales the channels of one pixel: `y = x * factors`.
///
/// - Parameter channels: a multiple of 16
@inline(never)
public func scaleChannels(
    x: UnsafePointer<Float>, factors: UnsafePointer<Float>, channels: Int, y: UnsafeMutablePointer<Float>
) {
    var channel = 0
    while channel < channels {
        (Lanes(x + channel) * Lanes(factors + channel)).store(y + channel)
        channel &+= Lanes.count
    }
}

/// Finishes neighbouring pixels: `y = epilogue(sums)`.
///
/// - Parameters:
///   - sums: [count, channels]
///   - y: [count, channels]
///   - channels: a multiple of 16
///   - pixel: the number of the first pixel in the image, for its noise
@inline(never)
public func finishPixels(
    sums: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, count: Int, channels: Int,
    epilogue: ActivationEpilogue, pixel: Int
) {
    var channel = 0
    while channel < channels {
        let finish = LaneEpilogue(epilogue, channel: channel)
        var offset = channel
        for index in 0..<count {
            finish(Lanes(sums + offset), pixel: pixel &+ index).store(y + offset)
            offset &+= channels
        }
        channel &+= Lanes.count
    }
}

/// Adds one channel of a ToRGB layer to neighbouring pixels: `image += clamp(sum of x * weights + bias)`.
///
/// - Parameters:
///   - x: [count, channels]
///   - weights: [channels]
///   - channels: a multiple of 16
///   - image: [count]
@inline(never)
public func addWeightedChannels(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, count: Int, channels: Int, bias: Float, clamp: Float,
    image: UnsafeMutablePointer<Float>
) {
    var pixel = x
    for index in 0..<count {
        var sum = Lanes.zero
        var channel = 0
        while channel < channels {
            sum.addProduct(Lanes(pixel + channel), Lanes(weights + channel))
            channel &+= Lanes.count
        }
        image[index] += min(max(sum.total + bias, -clamp), clamp)
        pixel += channels
    }
}
