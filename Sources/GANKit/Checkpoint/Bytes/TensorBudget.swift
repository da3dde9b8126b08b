// SPDX-License-Identifier: Apache-2.0

/// What all tensors of a file may take together. Some formats let tensors share memory, by which thousands of them could
/// each be as large as the file; those of real networks share next to nothing.
struct TensorBudget {
    private let limit: Int
    private var left: Int

    /// Room beside the multiple of the file, for small files.
    private static let spare = 1 << 20

    init(fileByteCount: Int) {
        limit = Self.spare + 2 * min(fileByteCount, 1 << 48)
        left = limit
    }

    /// Counts a tensor, whose bytes are known to lie in the file.
    ///
    /// - Throws: `CheckpointError.malformed` when it is one too many
    mutating func charge(_ byteCount: Int) throws {
        left -= byteCount
        guard left >= 0 else {
            throw CheckpointError.malformed(
                detail: "with it, tensors that share memory take more than \(limit) bytes, twice as many as the file")
        }
    }
}
