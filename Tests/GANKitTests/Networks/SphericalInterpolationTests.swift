// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct SphericalInterpolationTests {
    struct Arc: CustomTestStringConvertible {
        let a: [Float]
        let b: [Float]
        let fraction: Double
        let expected: [Float]
        let testDescription: String

        init(_ a: [Float], _ b: [Float], _ fraction: Double, _ expected: [Float], _ reason: String) {
            (self.a, self.b, self.fraction, self.expected) = (a, b, fraction, expected)
            testDescription = reason
        }
    }

    static let arcs = [
        Arc([1, 0, 0], [0, 1, 0], 0, [1, 0, 0], "the first"),
        Arc([1, 0, 0], [0, 1, 0], 1, [0, 1, 0], "the second"),
        // cos(45 degrees)
        Arc([1, 0, 0], [0, 1, 0], 0.5, [0.70710678, 0.70710678, 0], "half way on the circle"),
        Arc([1, 0, 0], [0, 1, 0], 2, [-1, 0, 0], "on around the circle"),
        // 2 cos(30 degrees), 2 sin(30 degrees)
        Arc([0, 2, 0], [0, 0, 2], 1.0 / 3, [0, 1.7320508, 1], "30 of 90 degrees on a larger circle"),
        Arc([1, 2, 3], [1, 2, 3], 0.3, [1, 2, 3], "the same input"),
        Arc([1, 2, 3], [2, 4, 6], 0.5, [1.5, 3, 4.5], "the same direction: a straight line"),
        Arc([1, 0, 0], [-1, 0, 0], 0.25, [0.5, 0, 0], "the opposite direction: a straight line"),
        Arc([0, 0, 0], [1, 0, 0], 0.5, [0.5, 0, 0], "no direction"),
    ]

    @Test(arguments: arcs)
    func pointLiesOnTheArc(_ arc: Arc) {
        let point = SphericalInterpolation.point(between: arc.a, and: arc.b, fraction: arc.fraction)
        for (value, expected) in zip(point, arc.expected) {
            #expect(abs(value - expected) < 1e-6)
        }
    }

    @Test func normallyDistributedInputsKeepTheirLength() throws {
        let generator = try GeneratorTests.generator()
        let (a, b) = (generator.z(seed: 1), generator.z(seed: 2))
        func squares(_ x: [Float]) -> Float { x.reduce(0) { $0 + $1 * $1 } }
        let middle = squares(SphericalInterpolation.point(between: a, and: b, fraction: 0.5))
        #expect(middle > 0.7 * min(squares(a), squares(b)))
    }
}
