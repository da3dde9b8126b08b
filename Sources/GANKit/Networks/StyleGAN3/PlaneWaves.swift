// SPDX-License-Identifier: Apache-2.0

/// Waves over the plane, `amplitude * sin(2 pi (x fx + y fy + phase))`, one a channel; those that only fill a block are zero.
///
/// Not `Sendable`: it belongs to one `StyleGAN3Workspace`.
final class PlaneWaves {
    private typealias Eight = SIMD8<Double>

    /// C'
    let channels: Int
    private var x: [Eight]
    private var y: [Eight]
    private var phase: [Eight]
    private var amplitude: [Eight]

    /// - Parameter channels: a multiple of 16
    init(channels: Int) {
        self.channels = channels
        let zeros = [Eight](repeating: .zero, count: channels / 8)
        (x, y, phase, amplitude) = (zeros, zeros, zeros, zeros)
    }

    func set(_ channel: Int, x: Double, y: Double, phase: Double, amplitude: Double) {
        let (block, lane) = channel.quotientAndRemainder(dividingBy: 8)
        self.x[block][lane] = x
        self.y[block][lane] = y
        self.phase[block][lane] = phase
        self.amplitude[block][lane] = amplitude
    }

    /// - Parameter result: [C'], overwritten
    func sample(x pointX: Double, y pointY: Double, result: UnsafeMutablePointer<Float>) {
        for block in x.indices {
            let cycles = (phase[block] + x[block] * pointX).addingProduct(y[block], Eight(repeating: pointY))
            let value = SIMD8<Float>(amplitude[block] * Self.sine(cycles: cycles))
            UnsafeMutableRawPointer(result + 8 * block).storeBytes(of: value, as: SIMD8<Float>.self)
        }
    }

    /// `sin(2 pi cycles)`, the same on every machine, which the C library does not promise.
    private static func sine(cycles: Eight) -> Eight {
        let turn = cycles - cycles.rounded(.toNearestOrEven)
        // The sine of the second half of each half turn is that of the first half, backwards.
        let mirrored = Eight(repeating: 0.5).replacing(with: -0.5, where: turn .< 0) - turn
        let isOuter = (turn .> 0.25) .| (turn .< -0.25)
        let angle = turn.replacing(with: mirrored, where: isOuter) * (2 * Double.pi)
        // Its power series up to the 17th: the error is below 1e-12 in -pi/2...pi/2.
        let square = angle * angle
        var sum = Eight.zero
        for factor in inverseFactorials.reversed() {
            sum = Eight(repeating: factor).addingProduct(sum, square)
        }
        return sum * angle
    }

    /// 1, -1/3!, 1/5! and so on to 1/17!.
    private static let inverseFactorials: [Double] = (0...8).map { index in
        (1...2 * index + 1).reduce(index.isMultiple(of: 2) ? 1 : -1) { $0 / Double($1) }
    }
}
