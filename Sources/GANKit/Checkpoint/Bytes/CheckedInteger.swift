// SPDX-License-Identifier: Apache-2.0

/// Sums and products of numbers from a file, for which overflow is just another way to be too large.
struct CheckedInteger {
    /// The number, or nil once it left the range of `Int`.
    private(set) var value: Int?

    init(_ value: Int) {
        self.value = value
    }

    /// The product of the lengths of all axes.
    init(of shape: [Int]) {
        self.init(1)
        // A zero anywhere makes the product zero, however large the others are.
        guard !shape.contains(0) else {
            value = 0
            return
        }
        for length in shape {
            multiply(by: length)
        }
    }

    mutating func multiply(by factor: Int) {
        guard let current = value else { return }
        let (product, overflow) = current.multipliedReportingOverflow(by: factor)
        value = overflow ? nil : product
    }

    mutating func add(_ number: Int, times factor: Int = 1) {
        guard let current = value else { return }
        let (product, productOverflow) = number.multipliedReportingOverflow(by: factor)
        let (sum, sumOverflow) = current.addingReportingOverflow(product)
        value = productOverflow || sumOverflow ? nil : sum
    }
}
