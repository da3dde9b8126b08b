// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// Matrix products of contiguous row-major Float32 matrices; the only caller of OpenBLAS.
///
/// OpenBLAS is pinned to one thread a call: parallelism is the caller's, who hands disjoint pieces to several threads.
enum MatrixMultiply {
    private static let pinnedToOneThread: Void = openblas_set_num_threads(1)

    /// `c = a b`
    ///
    /// - Parameters:
    ///   - a: [rows, inner], rows `aStride` elements apart
    ///   - b: [inner, columns], rows `bStride` elements apart
    ///   - c: [rows, columns], rows `cStride` elements apart; overwritten
    static func multiply(
        rows: Int, columns: Int, inner: Int,
        a: UnsafePointer<Float>, aStride: Int,
        b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int
    ) {
        _ = pinnedToOneThread
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans,
            Int32(rows), Int32(columns), Int32(inner),
            1, a, Int32(aStride), b, Int32(bStride), 0, c, Int32(cStride))
    }
}
