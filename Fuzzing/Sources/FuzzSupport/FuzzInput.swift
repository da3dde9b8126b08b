// SPDX-License-Identifier: Apache-2.0

/// Hands libFuzzer's input to a property.
public enum FuzzInput {
    /// Stops the process, which libFuzzer takes for a finding, when the property names a rule that the bytes break.
    public static func check(
        _ start: UnsafePointer<UInt8>?, _ count: Int, _ violation: (UnsafeRawBufferPointer) -> String?
    ) -> CInt {
        if let violation = violation(UnsafeRawBufferPointer(start: start, count: count)) {
            fatalError(violation)
        }
        return 0
    }
}
