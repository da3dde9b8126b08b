// SPDX-License-Identifier: Apache-2.0

import FuzzSupport

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzInput.check(start, count, FaceQueryProperty.violation)
}
