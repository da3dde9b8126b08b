// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text in a field of a C struct, up to its zero.
    init<Field>(zeroTerminated field: Field) {
        self = withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
