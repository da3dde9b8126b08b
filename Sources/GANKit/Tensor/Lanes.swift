// SPDX-License-Identifier: Apache-2.0

/// Sixteen neighbouring channels of one pixel: the unit in which activations are stored and computed.
///
/// One register with AVX-512, two with AVX2, four with NEON.
typealias Lanes = SIMD16<Float>

extension Lanes {
    /// Channels in one block.
    @inline(__always)
    static var count: Int { 16 }

    /// The number of blocks that hold `channels` channels; the last one is filled up with zeros.
    static func blocks(_ channels: Int) -> Int { (channels + count - 1) / count }

    /// The number of channels with the last block filled up.
    static func padded(_ channels: Int) -> Int { blocks(channels) * count }
}
