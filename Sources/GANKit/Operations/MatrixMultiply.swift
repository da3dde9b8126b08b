// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// Products of matrices through OpenBLAS, whose kernels and order of summation depend on the processor: a yardstick for
/// `MatrixKernel`, not for what reaches pixels. The only caller of OpenBLAS, pinned to one thread a call.
public enum MatrixMultiply {
    private static let pinnedToOneThread: Void = openblas_set_num_threads(1)

    /// The rate of large products, in units of 10^9 multiplications and additions a second.
    ///
    /// - Parameter threads: how many products run side by side
    public static func peakGFLOPS(threads: Int) -> Double {
        let size = 768
        let operands = (0..<3 * threads).map { _ in FloatBuffer(zeros: size * size) }
        let clock = ContinuousClock()
        let durations = (0..<5).map { _ in
            clock.measure {
                ParallelLoop(threads: threads).run(threads) { piece, _ in
                    square(
                        size, operands[3 * piece].pointer, operands[3 * piece + 1].pointer,
                        operands[3 * piece + 2].pointer)
                }
            }
        }
        let shortest = durations.min() ?? .seconds(1)
        return 2 * Double(size * size * size * threads) / (shortest / .seconds(1)) / 1e9
    }

    /// `c = a b` for square matrices.
    private static func square(
        _ size: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
    ) {
        _ = pinnedToOneThread
        let size32 = Int32(size)
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, size32, size32, size32, 1, a, size32, b, size32, 0, c, size32)
    }
}
