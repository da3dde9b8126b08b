// SPDX-License-Identifier: Apache-2.0

/// The low-pass of StyleGAN2's up-sampling layers, which the checkpoint holds.
struct ResampleFilter: Equatable, Sendable {
    /// What nearly every checkpoint holds: the outer product of [1, 3, 3, 1] / 8 with itself, [4, 4].
    static let usualTensor = Tensor(shape: [4, 4]) { elements in
        let taps: [Float] = [1, 3, 3, 1]
        for index in elements.indices {
            elements[index] = taps[index / 4] * taps[index % 4] / 64
        }
    }

    /// The most taps on an axis.
    static let maxSize = 32

    /// The official implementation keeps a filter of fewer taps in its two-dimensional form, and one of more as a vector.
    private static let smallestVector = 8

    /// Taps on each axis, which decide the padding.
    let size: Int
    /// [size, size], in the order in which the taps meet the pixels, times 4: up-sampling by 2 spreads each pixel over four.
    let taps: [Float]
    /// Its factor, times 2, if there is one of at most four taps; zeros fill it up to four around the same centre.
    let upsamplingTaps: SIMD4<Float>?

    /// - Parameters:
    ///   - tensor: [size, size], or [size] for the outer product of a vector with itself; of sum 1
    ///   - name: names the tensor in errors
    init(_ tensor: Tensor, name: String) throws {
        let shape = tensor.shape
        let elements = tensor.elements
        let isVector = shape.count == 1 && elements.count >= Self.smallestVector
        guard let size = shape.first, (1...Self.maxSize).contains(size), isVector || shape == [size, size] else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): a resampling filter of shape \(shape) is not supported, only [n, n] "
                    + "with n up to \(Self.maxSize), and [n] from \(Self.smallestVector)")
        }
        let square = isVector ? elements.flatMap { row in elements.map { row * $0 } } : elements
        self.size = size
        // A convolution meets the taps in reverse.
        taps = square.reversed().map { $0 * 4 }
        upsamplingTaps = Self.factor(square, size: size).map { Self.filledUp($0.reversed()) * 2 }
    }

    /// The vector of sum 1 whose outer product with itself a filter is, or nil.
    private static func factor(_ elements: [Float], size: Int) -> [Float]? {
        guard size <= 4 else { return nil }
        let sums = (0..<size).map { row in elements[row * size..<(row + 1) * size].reduce(0, +) }
        let isSeparable = elements.indices.allSatisfy {
            abs(elements[$0] - sums[$0 / size] * sums[$0 % size]) <= 1e-6
        }
        return isSeparable ? sums : nil
    }

    /// Four taps for one to four: those of an odd number begin where those of the next even one do.
    private static func filledUp(_ taps: [Float]) -> SIMD4<Float> {
        var filled = SIMD4<Float>.zero
        let first = taps.count <= 2 ? 1 : 0
        for (index, tap) in taps.enumerated() {
            filled[first + index] = tap
        }
        return filled
    }

    /// Zeros before an axis into which zeros have been inserted. Half of it are pixels before the image.
    var upsamplingPadding: Int { (size + 1) / 2 }

    /// The first tap that meets a pixel, not an inserted zero, at an output of up-sampling; from it on every other one does.
    func firstTap(_ output: Int) -> Int { (output + upsamplingPadding) % 2 }

    /// The pixel that it meets.
    func firstPixel(_ output: Int) -> Int { (output - upsamplingPadding + firstTap(output)) / 2 }

    /// Zeros before an axis of a transposed 3x3 convolution's output.
    var convolutionPadding: Int { upsamplingPadding - 1 }
}
