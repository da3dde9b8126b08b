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

    /// Sixteen elements from memory of any alignment.
    @inline(__always)
    init(_ pointer: UnsafePointer<Float>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
    }

    /// Stores sixteen elements to memory of any alignment.
    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
    }

    /// `self + a b`, rounded once.
    @inline(__always)
    func adding(_ a: Lanes, times b: Float) -> Lanes {
        addingProduct(a, Lanes(repeating: b))
    }

    /// The sum of all elements, in one fixed order: halves are added to each other.
    @inline(__always)
    var total: Float {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
