// SPDX-License-Identifier: Apache-2.0

/// The last row and the last column of t, which tiles of 4x4 positions would reach only with one more tile at each end.
///
/// There the input beyond the map is zero, so the filter's last row (or column) alone remains: a convolution of the
/// input's last row [W] to t's row 2H, and of its last column [H] to t's column 2W; see `UpsamplingPhase`.
struct UpsamplingRim: Sendable {
    /// Columns of 16 that one piece of work computes.
    private static let piecePanels = 4

    /// A line of the input and the weights that it meets.
    private struct Side {
        /// Of even places, [2 * I', O'].
        let even: PackedWeights
        /// Of odd places, [I', O'].
        let odd: PackedWeights
        /// Pixels of the line.
        let length: Int
        let isRow: Bool
    }

    let input: ActivationMap
    let intermediate: ActivationMap
    private let sides: [Side]

    /// - Parameter weight: [O, I, 3, 3]
    init(weight: Tensor, input: ActivationMap, intermediate: ActivationMap, loop: ParallelLoop) {
        self.input = input
        self.intermediate = intermediate
        let last = UpsamplingPhase.evenTaps[0]
        let odd = UpsamplingPhase.oddTap
        func pack(_ places: [(ky: Int, kx: Int)]) -> PackedWeights {
            PackedWeights(weight, places: places, paddedInputs: input.channels, loop: loop)
        }
        sides = [
            Side(
                even: pack(UpsamplingPhase.evenTaps.map { (last, $0) }), odd: pack([(last, odd)]),
                length: input.width, isRow: true),
            Side(
                even: pack(UpsamplingPhase.evenTaps.map { ($0, last) }), odd: pack([(odd, last)]),
                length: input.height, isRow: false),
        ]
    }

    private var longest: Int { max(input.width, input.height) }
    private var sumsCount: Int { (longest + 1) * Self.piecePanels * Lanes.count }
    private var scratchPerThread: Int { (longest + 2) * input.channels + sumsCount }

    /// The elements of scratch memory that the rim needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        threads * scratchPerThread
    }

    /// Computes row 2H and column 2W of images' t.
    ///
    /// - Parameter t: an `intermediate` map for each image
    func apply(
        _ images: [LayerImage], t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let groups = (sides[0].even.panels + Self.piecePanels - 1) / Self.piecePanels
        loop.run(images.count * sides.count * groups) { piece, thread in
            let (line, group) = piece.quotientAndRemainder(dividingBy: groups)
            let (image, side) = line.quotientAndRemainder(dividingBy: sides.count)
            run(
                sides[side], panels: group * Self.piecePanels, of: images[image], t: t + image * intermediate.count,
                scratch: scratch + thread * scratchPerThread)
        }
    }

    private func run(
        _ side: Side, panels first: Int, of image: LayerImage, t: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let inputs = input.channels
        let (line, sums) = (scratch, scratch + (longest + 2) * inputs)
        // With a zero at both ends.
        for place in 0..<side.length + 2 {
            let x =
                side.isRow
                ? input.offset(row: input.height - 1, column: place - 1)
                : input.offset(row: place - 1, column: input.width - 1)
            Kernels.scaleChannels(
                x: image.x + x, factors: image.styles, channels: inputs, y: line + place * inputs)
        }
        let panels = min(Self.piecePanels, side.even.panels - first)
        let width = panels * Lanes.count
        for (weights, start, parity) in [(side.even, line, 0), (side.odd, line + inputs, 1)] {
            let count = side.length + 1 - parity
            weights.withPointer { elements in
                Kernels.multiply(
                    rows: count, inner: weights.inner, panels: panels, a: start, aStride: inputs,
                    b: elements + first * weights.inner * Lanes.count, c: sums, cStride: width)
            }
            // The corner belongs to the row.
            for index in 0..<(side.isRow ? count : side.length) {
                let place = 2 * index + parity
                let target =
                    side.isRow
                    ? intermediate.offset(row: 2 * input.height, column: place)
                    : intermediate.offset(row: place, column: 2 * input.width)
                (t + target + first * Lanes.count).update(from: sums + index * width, count: width)
            }
        }
    }
}
