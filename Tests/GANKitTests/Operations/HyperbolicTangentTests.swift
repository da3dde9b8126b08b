// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

@Suite struct HyperbolicTangentTests {
    @Test func withinOneUnitInTheLastPlace() {
        for step in -24_000...24_000 {
            let x = Float(step) / 2_000
            let expected = Float(tanh(Double(x)))
            #expect(abs(HyperbolicTangent.of(x) - expected) <= expected.ulp, "\(x)")
        }
    }

    @Test func extremes() {
        let table: [(Float, Float)] = [
            (0, 0), (.infinity, 1), (-.infinity, -1), (1e30, 1), (-1e30, -1), (1e-6, 1e-6),
        ]
        for (x, expected) in table {
            #expect(abs(HyperbolicTangent.of(x) - expected) <= 1e-12, "\(x)")
        }
        #expect(HyperbolicTangent.of(.nan).isNaN)
    }
}
