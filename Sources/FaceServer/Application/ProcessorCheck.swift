// SPDX-License-Identifier: Apache-2.0

import CProcessorFeatures

/// Refuses a processor on which the inference code would meet an illegal instruction.
///
/// It calls no function of GANKit, whose every instruction may be one of those that are missing.
enum ProcessorCheck {
    /// - Throws: `CommandFailure` that names the missing instructions.
    static func run(_ registers: processor_registers) throws {
        let missing = withUnsafeTemporaryAllocation(
            of: UnsafePointer<CChar>?.self, capacity: processor_needed_count
        ) { names -> [String] in
            names.initialize(repeating: nil)
            guard let first = names.baseAddress else { return [] }
            return names.prefix(Int(processor_missing_sets(registers, first))).compactMap { name in
                name.map { String(cString: $0) }
            }
        }
        guard missing.isEmpty else {
            throw CommandFailure(
                "this processor lacks \(missing.joined(separator: ", ")): x86-64 processors need the level "
                    + "x86-64-v3, which Intel has since Haswell (2013) and AMD since Zen (2017)")
        }
    }
}
