// SPDX-License-Identifier: Apache-2.0

/// The directions of w to which the styles of some layers react most, found in the weights alone: closed-form factorisation
/// (Shen and Zhou, "Closed-Form Factorization of Latent Semantics in GANs", 2021).
///
/// A step `n` of unit length in w moves the styles by `A n`, where `A` is the stack of the layers' style weights. The
/// directions are the eigenvectors of `A^T A` in the order of their eigenvalues, the largest first; of the two signs the one
/// that makes the element of the largest magnitude positive. The same weights give the same bits on every machine.
public struct StyleDirections: Sendable {
    /// The numbers of the w vectors whose styles were looked at.
    public let layers: ClosedRange<Int>
    /// How far all styles together move by a step of unit length along each direction, descending.
    public let strengths: [Double]
    private let wDim: Int
    /// [wDim, wDim], the directions as rows.
    private let vectors: [Float]

    /// How many there are: `wDim`.
    public var count: Int { strengths.count }

    /// The direction of that rank, from 0 on.
    public subscript(rank: Int) -> LatentDirection {
        LatentDirection(
            space: .w, vectors: Array(vectors[rank * wDim..<(rank + 1) * wDim]), length: wDim)
    }

    /// - Parameter affines: at least one, all of the same `wDim`
    init(layers: ClosedRange<Int>, affines: [StyleAffine], wDim: Int) {
        let eigenvectors = SymmetricEigenvectors(of: Self.squares(of: affines, wDim: wDim), size: wDim)
        self.layers = layers
        self.wDim = wDim
        // Stored weights are used with a gain of 1 / sqrt(wDim). Rounding may leave what is 0 below it.
        strengths = eigenvectors.values.map { (max(0, $0) / Double(wDim)).squareRoot() }
        vectors = eigenvectors.vectors.map { Float($0) }
    }

    /// `A^T A`, [wDim, wDim]
    static func squares(of affines: [StyleAffine], wDim: Int) -> [Double] {
        var result = [Double](repeating: 0, count: wDim * wDim)
        var row = [Double](repeating: 0, count: wDim)
        result.withUnsafeMutableBufferPointer { result in
            row.withUnsafeMutableBufferPointer { row in
                guard let result = result.baseAddress, let row = row.baseAddress else { return }
                for affine in affines {
                    affine.weight.withUnsafeBufferPointer { weight in
                        for start in stride(from: 0, to: weight.count, by: wDim) {
                            for index in 0..<wDim { row[index] = Double(weight[start + index]) }
                            for index in 0..<wDim {
                                let (factor, target) = (row[index], result + index * wDim)
                                for column in index..<wDim { target[column].addProduct(factor, row[column]) }
                            }
                        }
                    }
                }
                for index in 0..<wDim {
                    for column in 0..<index { result[index * wDim + column] = result[column * wDim + index] }
                }
            }
        }
        return result
    }
}
