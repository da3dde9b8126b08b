// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// A resampling filter that is not the common one. None is symmetric, so that one taken in the wrong direction shows.
struct FilterCase: CustomTestStringConvertible {
    enum Form {
        /// The outer product of a vector with itself.
        case product
        /// That vector.
        case vector
        /// Not a product.
        case whole
    }

    let size: Int
    let form: Form
    let reason: String

    var testDescription: String { "\(size) taps: \(reason)" }

    func filter() throws -> Tensor {
        var random = RandomFloats(seed: UInt64(size))
        let count = form == .whole ? size * size : size
        let positive = random.next(count).map { abs($0) + 0.1 }
        let sum = positive.reduce(0, +)
        let taps = positive.map { $0 / sum }
        let tensor = try Tensor(shape: form == .whole ? [size, size] : [size], elements: taps)
        return form == .product ? ReferenceOperations.outerProduct(tensor) : tensor
    }

    static let table = [
        FilterCase(size: 1, form: .product, reason: "no filter at all"),
        FilterCase(size: 2, form: .product, reason: "fewer taps than the fast form has, an even number"),
        FilterCase(size: 3, form: .product, reason: "fewer taps than the fast form has, an odd number"),
        FilterCase(size: 3, form: .whole, reason: "small, but no product"),
        FilterCase(size: 4, form: .whole, reason: "as large as the fast form, but no product"),
        FilterCase(size: 5, form: .product, reason: "more taps than the fast form has, an odd number"),
        FilterCase(size: 6, form: .whole, reason: "more taps than the fast form has, no product"),
        FilterCase(size: 8, form: .vector, reason: "the shortest filter that is kept as a vector"),
        FilterCase(size: 12, form: .vector, reason: "farther than the common rim"),
        FilterCase(size: 31, form: .vector, reason: "farther than small maps are wide"),
    ]
}
