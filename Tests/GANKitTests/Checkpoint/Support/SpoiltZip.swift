// SPDX-License-Identifier: Apache-2.0

import Testing

/// A row of a table of archives that readers refuse: what is done to a good one, and what the error says.
struct SpoiltZip: CustomTestStringConvertible {
    let testDescription: String
    let message: String
    let spoil: @Sendable (inout ZipFile) -> Void

    init(_ reason: String, _ message: String, _ spoil: @escaping @Sendable (inout ZipFile) -> Void) {
        testDescription = reason
        self.message = message
        self.spoil = spoil
    }
}
