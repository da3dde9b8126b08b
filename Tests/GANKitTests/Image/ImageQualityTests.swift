// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct ImageQualityTests {
    @Test(arguments: [(0, false), (1, true), (100, true), (101, false), (-5, false)])
    func isFromOneToAHundred(value: Int, isQuality: Bool) {
        #expect((ImageQuality(value)?.value == value) == isQuality)
    }
}
