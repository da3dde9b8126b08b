// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// A latent of the caller's own.
struct RawLatent: Hashable, Sendable {
    let space: MorphPoint.Space
    /// z, [zDim], or the w of all layers, [numWs, wDim], as it goes into the synthesis network.
    let elements: [Float]

    /// The SHA-256 of the elements' bytes, little-endian, in hexadecimal digits.
    var digest: String {
        Hexadecimal.encode(SHA256.hash(data: Data(littleEndian: elements)))
    }

    /// - Parameter base64: of little-endian 32-bit floats; nil for what is not
    static func elements(base64: String) -> [Float]? {
        guard let data = Data(base64Encoded: base64), data.count.isMultiple(of: 4) else { return nil }
        return stride(from: 0, to: data.count, by: 4).map { offset in
            Float(bitPattern: data.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
        }
    }

    /// The opposite.
    static func base64(_ elements: [Float]) -> String {
        Data(littleEndian: elements).base64EncodedString()
    }
}
