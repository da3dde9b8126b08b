// SPDX-License-Identifier: Apache-2.0

/// The traits of a DCGAN, of which strides and paddings have to be there.
extension SafetensorsMetadata {
    private static let strides = "dcgan_strides"
    private static let paddings = "dcgan_paddings"
    private static let negativeSlope = "dcgan_negative_slope"
    private static let latent = "dcgan_latent"
    private static let pixelOffset = "dcgan_pixel_offset"

    static func encode(_ traits: DCGANTraits) -> [String: String] {
        [
            strides: traits.strides.map(String.init).joined(separator: ","),
            paddings: traits.paddings.map(String.init).joined(separator: ","),
            negativeSlope: String(traits.negativeSlope),
            latent: traits.latent.rawValue,
            pixelOffset: String(traits.pixelOffset),
        ]
    }

    /// The traits of a DCGAN, which go together; nil when there are none.
    static func decodeDCGAN(_ strings: [String: String]) throws -> DCGANTraits? {
        guard strings[strides] != nil || strings[paddings] != nil else { return nil }
        var traits = DCGANTraits(strides: try numbers(strides, strings), paddings: try numbers(paddings, strings))
        if let value = strings[negativeSlope] {
            traits.negativeSlope = try finiteNumber(negativeSlope, value)
        }
        if let value = strings[pixelOffset] {
            traits.pixelOffset = try finiteNumber(pixelOffset, value)
        }
        if let value = strings[latent] {
            guard let known = DCGANTraits.Latent(rawValue: value) else {
                throw malformed(latent, value, "normal or uniform")
            }
            traits.latent = known
        }
        return traits
    }

    private static func numbers(_ key: String, _ strings: [String: String]) throws -> [Int] {
        let value = strings[key] ?? ""
        let numbers = value.split(separator: ",").compactMap { Int($0) }
        guard !numbers.isEmpty, numbers.count <= 16, numbers.allSatisfy((0...64).contains),
            numbers.count == value.split(separator: ",", omittingEmptySubsequences: false).count
        else {
            throw malformed(key, value, "numbers from 0 to 64 with commas between")
        }
        return numbers
    }

    private static func finiteNumber(_ key: String, _ value: String) throws -> Float {
        guard let number = Float(value), number.isFinite else {
            throw malformed(key, value, "a number")
        }
        return number
    }
}
