// SPDX-License-Identifier: Apache-2.0

import CProcessorHints

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

/// Adds a ToRGB layer to neighbouring pixels of an image: `image += clamp(sum of x * weights + bias)`.
///
/// - Parameters:
///   - x: [count, channels]
///   - weights: [imgChannels, channels]
///   - channels: a multiple of 16
///   - bias: [imgChannels]
///   - image: [imgChannels, count], planes `planeStride` elements apart
@inline(never)
public func addWeightedChannels(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, count: Int, channels: Int, imgChannels: Int,
    bias: UnsafePointer<Float>, clamp: Float, image: UnsafeMutablePointer<Float>, planeStride: Int
) {
    var index = 0
    while index < count {
        // Where there are fewer than four pixels left, the last is computed again.
        let last = min(4, count &- index) &- 1
        let p0 = x + index &* channels
        let (p1, p2) = (p0 + min(1, last) &* channels, p0 + min(2, last) &* channels)
        let p3 = p0 + min(3, last) &* channels
        for plane in 0..<imgChannels {
            let factors = weights + plane &* channels
            var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
            var channel = 0
            while channel < channels {
                let factor = Lanes(factors + channel)
                s0 = s0.adding(Lanes(p0 + channel), times: factor)
                s1 = s1.adding(Lanes(p1 + channel), times: factor)
                s2 = s2.adding(Lanes(p2 + channel), times: factor)
                s3 = s3.adding(Lanes(p3 + channel), times: factor)
                channel &+= Lanes.count
            }
            var sums = totals(s0, s1, s2, s3) + bias[plane]
            sums.replace(with: clamp, where: sums .> clamp)
            sums.replace(with: -clamp, where: sums .< -clamp)
            let target = UnsafeMutableRawPointer(image + plane &* planeStride + index)
            if last == 3 {
                let before = target.loadUnaligned(as: SIMD4<Float>.self)
                target.storeBytes(of: before + sums, as: SIMD4<Float>.self)
            } else {
                for pixel in 0...last {
                    image[plane &* planeStride &+ index &+ pixel] += sums[pixel]
                }
            }
        }
        index &+= 4
    }
}
