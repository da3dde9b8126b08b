// SPDX-License-Identifier: Apache-2.0

/// What a discriminator says of a face: the larger the more it looks like a photograph. Kept as a file of this text.
struct FaceScore: Sendable, Equatable, CustomStringConvertible {
    let value: Float

    /// The shortest text that reads as the same number.
    var description: String { "\(value)" }

    init(value: Float) {
        self.value = value
    }

    /// The score in a file.
    init?(file: [UInt8]) {
        guard let value = Float(String(decoding: file, as: UTF8.self)) else { return nil }
        self.init(value: value)
    }
}
