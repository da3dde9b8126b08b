// SPDX-License-Identifier: Apache-2.0

/// How a w is written in JSON.
enum WForm: String, CaseIterable, Sendable {
    /// A list for each layer.
    case list
    /// Base64 of all layers' 32-bit floats, little-endian.
    case base64
}
