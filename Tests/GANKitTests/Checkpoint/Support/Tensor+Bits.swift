// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// Whether two tensors have the same shape and the same bits, NaNs and signed zeros included.
func isIdentical(_ left: Tensor, _ right: Tensor) -> Bool {
    left.shape == right.shape
        && left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                UnsafeRawBufferPointer(left).elementsEqual(UnsafeRawBufferPointer(right))
            }
        }
}
