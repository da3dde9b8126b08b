// SPDX-License-Identifier: Apache-2.0

/// Weight matrices [inner, O] in the order in which `MatrixKernel` reads them: [matrix, O' / 16, inner, 16].
struct PackedWeights: Sendable {
    /// Rows of each matrix.
    let inner: Int
    /// Blocks of 16 columns of each matrix.
    let panels: Int
    private let tensor: Tensor

    /// Packs `matrices` matrices, in parallel over their panels.
    ///
    /// - Parameter fill: sets one column of every matrix, that of `output`: it writes
    ///   `column[matrix * stride + row * 16]`; what it leaves is zero
    init(
        matrices: Int, inner: Int, outputs: Int, loop: ParallelLoop,
        fill: (_ output: Int, _ column: UnsafeMutablePointer<Float>, _ stride: Int) -> Void
    ) {
        let panels = Lanes.blocks(outputs)
        self.inner = inner
        self.panels = panels
        tensor = Tensor(shape: [matrices, panels, inner, Lanes.count]) { elements in
            guard let base = elements.baseAddress else { return }
            let panelCount = inner * Lanes.count
            loop.run(panels) { panel, _ in
                for matrix in 0..<matrices {
                    (base + (matrix * panels + panel) * panelCount).initialize(repeating: 0, count: panelCount)
                }
                for lane in 0..<min(Lanes.count, outputs - panel * Lanes.count) {
                    fill(panel * Lanes.count + lane, base + panel * panelCount + lane, panels * panelCount)
                }
            }
        }
    }

    /// One matrix, the weights of a 1x1 convolution times `gain`: [I', O'].
    ///
    /// - Parameter weight: [O, I] or [O, I, 1, 1]
    init(pointwise weight: Tensor, gain: Float = 1, loop: ParallelLoop) {
        let inputs = weight.shape[1]
        self.init(matrices: 1, inner: Lanes.padded(inputs), outputs: weight.shape[0], loop: loop) { output, column, _ in
            weight.withUnsafeBufferPointer { elements in
                for input in 0..<inputs {
                    column[input * Lanes.count] = elements[output * inputs + input] * gain
                }
            }
        }
    }

    /// One matrix of some places of a filter: [places * paddedInputs, O'].
    ///
    /// - Parameter weight: [O, I, 3, 3]
    init(_ weight: Tensor, places: [(ky: Int, kx: Int)], paddedInputs: Int, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        self.init(
            matrices: 1, inner: places.count * paddedInputs, outputs: outputs, loop: loop
        ) { output, column, _ in
            weight.withUnsafeBufferPointer { elements in
                for (index, place) in places.enumerated() {
                    for input in 0..<inputs {
                        column[(index * paddedInputs + input) * Lanes.count] =
                            elements[((output * inputs + input) * 3 + place.ky) * 3 + place.kx]
                    }
                }
            }
        }
    }

    /// The elements of all matrices.
    var count: Int { tensor.count }

    /// How many panels one piece of a parallel product takes: as many as leave each thread two pieces, since the product
    /// fetches weights ahead within a piece only; at least the two that it computes together.
    func panelsPerPiece(_ loop: ParallelLoop) -> Int {
        max(2, panels / (4 * loop.threads) * 2)
    }

    /// The elements of one matrix.
    var matrixCount: Int { panels * inner * Lanes.count }

    /// The packed elements, valid as long as this value lives.
    func withPointer(_ body: (UnsafePointer<Float>) -> Void) {
        tensor.withUnsafeBufferPointer { elements in
            if let base = elements.baseAddress { body(base) }
        }
    }
}
