// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Products of matrices through OpenBLAS, whose kernels and order of summation depend on the processor: a yardstick for
/// `MatrixKernel`, not for what reaches pixels. The library is looked up when it is asked for, because nothing else needs
/// it, and pinned to one thread a call.
public enum MatrixMultiply {
    /// `cblas_sgemm` with layout, transpositions and sizes, alpha, a, b, beta and c.
    private typealias SGEMM =
        @convention(c) (
            CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
            UnsafeMutablePointer<Float>, CInt
        ) -> Void

    /// nil where OpenBLAS is not installed.
    private static let sgemm: SGEMM? = {
        guard let library = dlopen("libopenblas.so.0", RTLD_NOW), let sgemm = dlsym(library, "cblas_sgemm"),
            let setThreads = dlsym(library, "openblas_set_num_threads")
        else {
            return nil
        }
        unsafeBitCast(setThreads, to: (@convention(c) (CInt) -> Void).self)(1)
        return unsafeBitCast(sgemm, to: SGEMM.self)
    }()

    /// The rate of large products, in units of 10^9 multiplications and additions a second; nil where OpenBLAS is not
    /// installed.
    ///
    /// - Parameter threads: how many products run side by side
    public static func peakGFLOPS(threads: Int) -> Double? {
        guard let sgemm else {
            return nil
        }
        let size = 768
        let operands = (0..<3 * threads).map { _ in FloatBuffer(zeros: size * size) }
        let clock = ContinuousClock()
        let durations = (0..<5).map { _ in
            clock.measure {
                ParallelLoop(threads: threads).run(threads) { piece, _ in
                    square(
                        sgemm, CInt(size), operands[3 * piece].pointer, operands[3 * piece + 1].pointer,
                        operands[3 * piece + 2].pointer)
                }
            }
        }
        let shortest = durations.min() ?? .seconds(1)
        return 2 * Double(size * size * size * threads) / (shortest / .seconds(1)) / 1e9
    }

    /// `c = a b` for square matrices.
    private static func square(
        _ sgemm: SGEMM, _ size: CInt, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>
    ) {
        // CblasRowMajor and CblasNoTrans of cblas.h.
        let (rowMajor, noTrans): (CInt, CInt) = (101, 111)
        sgemm(rowMajor, noTrans, noTrans, size, size, size, 1, a, size, b, size, 0, c, size)
    }
}
