// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Refuses a processor on which the inference code would meet an illegal instruction.
enum ProcessorCheck {
    /// - Throws: `CommandFailure` that names the missing instructions.
    static func run(_ features: CPUFeatures) throws {
        guard features.missing.isEmpty else {
            throw CommandFailure(
                "this processor lacks \(features.missing.joined(separator: ", ")): x86-64 processors need the level "
                    + "x86-64-v3, which Intel has since Haswell (2013) and AMD since Zen (2017)")
        }
    }
}
