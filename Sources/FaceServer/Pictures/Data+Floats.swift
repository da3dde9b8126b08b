// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Data {
    /// 32-bit floats, little-endian.
    init(littleEndian elements: [Float]) {
        self.init(
            elements.flatMap { element in Swift.withUnsafeBytes(of: element.bitPattern.littleEndian) { Array($0) } })
    }
}
