// SPDX-License-Identifier: Apache-2.0

/// The transposed convolution of `UpsamplingPhase` for small maps: four matrix products, one a phase.
///
/// The inputs around each position (m, n) are gathered in the order (m-1, n-1), (m, n-1), (m, n), (m-1, n); then each
/// phase's taps are neighbours and one gathered [positions, 4 * I'] serves all four products.
struct DirectUpsampling3x3: Sendable {
    private struct Phase {
        let rowParity: Int
        let columnParity: Int
        /// The first of the gathered inputs that the phase takes.
        let first: Int
        /// Their places in the 3x3 filter.
        let places: [(ky: Int, kx: Int)]
    }

    private static let phases = [
        Phase(rowParity: 0, columnParity: 0, first: 0, places: [(2, 2), (0, 2), (0, 0), (2, 0)]),
        Phase(rowParity: 1, columnParity: 0, first: 1, places: [(1, 2), (1, 0)]),
        Phase(rowParity: 0, columnParity: 1, first: 2, places: [(0, 1), (2, 1)]),
        Phase(rowParity: 1, columnParity: 1, first: 2, places: [(1, 1)]),
    ]
    private static let offsets: [(row: Int, column: Int)] = [(-1, -1), (0, -1), (0, 0), (-1, 0)]

    let input: ActivationMap
    let intermediate: ActivationMap
    /// One a phase, [taps * I', O'].
    private let weights: [PackedWeights]

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - filter: what comes after, whose rim t has
    ///   - height: of the input
    ///   - width: of the input
    init(weight: Tensor, filter: ResampleFilter, height: Int, width: Int, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        let input = ActivationMap(height: height, width: width, channels: inputs)
        self.input = input
        intermediate = UpsamplingPhase.intermediate(of: input, outputs: outputs, filter: filter)
        weights = Self.phases.map { phase in
            PackedWeights(weight, places: phase.places, paddedInputs: input.channels, loop: loop)
        }
    }

    /// Of one image.
    private var positions: Int { (input.height + 1) * (input.width + 1) }

    /// The elements of scratch memory that each image needs.
    var scratchCount: Int { positions * 4 * (input.channels + intermediate.channels) }

    /// Computes t of images. The positions beyond its last row and column, which come out as zero, lie in its rim.
    ///
    /// - Parameter t: an `intermediate` map for each image, whose pixels are overwritten
    func apply(
        _ images: [LayerImage], t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let allPositions = images.count * positions
        let gathered = scratch
        let sums = scratch + allPositions * 4 * input.channels
        let rowLength = input.width + 1
        let rows = input.height + 1
        loop.run(images.count * rows) { index, _ in
            let (image, row) = index.quotientAndRemainder(dividingBy: rows)
            for column in 0..<rowLength {
                let target = gathered + (index * rowLength + column) * 4 * input.channels
                for (tap, offset) in Self.offsets.enumerated() {
                    let place = input.offset(row: row + offset.row, column: column + offset.column)
                    Kernels.scaleChannels(
                        x: images[image].x + place, factors: images[image].styles, channels: input.channels,
                        y: target + tap * input.channels)
                }
            }
        }
        let (panels, step) = (weights[0].panels, weights[0].panelsPerPiece(loop))
        let pieces = (panels + step - 1) / step
        loop.run(pieces * 4) { piece, _ in
            let (phase, part) = piece.quotientAndRemainder(dividingBy: pieces)
            let panel = part * step
            weights[phase].withPointer { elements in
                Kernels.multiply(
                    rows: allPositions, inner: weights[phase].inner, panels: min(step, panels - panel),
                    a: gathered + Self.phases[phase].first * input.channels, aStride: 4 * input.channels,
                    b: elements + panel * weights[phase].inner * Lanes.count,
                    c: sums + phase * allPositions * intermediate.channels + panel * Lanes.count,
                    cStride: intermediate.channels)
            }
        }
        loop.run(images.count * rows) { index, _ in
            let (image, row) = index.quotientAndRemainder(dividingBy: rows)
            for (number, phase) in Self.phases.enumerated() {
                for column in 0..<rowLength {
                    let position = number * allPositions + index * rowLength + column
                    let place = intermediate.offset(
                        row: 2 * row + phase.rowParity, column: 2 * column + phase.columnParity)
                    (t + image * intermediate.count + place)
                        .update(from: sums + position * intermediate.channels, count: intermediate.channels)
                }
            }
        }
    }
}
