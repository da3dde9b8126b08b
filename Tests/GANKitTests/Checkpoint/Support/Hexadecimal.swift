// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Bytes as Python's `bytes.hex()` prints them; spaces are allowed anywhere between digits.
    init(hex: String) {
        let digits = hex.filter { $0 != " " }.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// An integer, least significant byte first.
    init(littleEndian number: some FixedWidthInteger) {
        self = Swift.withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
