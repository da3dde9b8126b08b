// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GANKit

/// The JSON of `POST /faces`: a latent, and parameters as a URL has them.
struct LatentBody: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The elements of `z` or `w`, as they came.
    let space: MorphPoint.Space
    let elements: [Float]
    /// The other members.
    let items: [(name: String, value: String)]

    /// - Throws: `ParameterError` for what cannot be meant, `DecodingError` for what is no JSON object.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var latent: (space: MorphPoint.Space, elements: [Float])?
        var items: [(name: String, value: String)] = []
        for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            let name = key.stringValue
            if let space = MorphPoint.Space(rawValue: name) {
                guard latent == nil else {
                    throw Self.error(name, "either z or w", .repeated(count: 2))
                }
                latent = (space, try Self.elements(key, in: container))
            } else if let text = try? container.decode(String.self, forKey: key) {
                items.append((name, text))
            } else if let number = try? container.decode(Double.self, forKey: key) {
                items.append((name, Self.text(of: number)))
            } else {
                throw Self.error(name, "a string or a number", .malformed(expected: "a string or a number"))
            }
        }
        guard let latent else {
            throw Self.error("z", "z or w, as lists of numbers or base64 of little-endian 32-bit floats", .missing)
        }
        space = latent.space
        elements = latent.elements
        self.items = items
    }

    /// The latent, if it is one of the model's; the w of one layer counts for all.
    ///
    /// - Throws: `ParameterError` that names the sizes.
    func latent(for model: GeneratorConfiguration) throws(ParameterError) -> RawLatent {
        let counts = space == .z ? [model.zDim] : [model.wDim, model.numWs * model.wDim]
        guard counts.contains(elements.count) else {
            throw Self.error(
                space.rawValue, counts.map { "\($0)" }.joined(separator: " or ") + " numbers", .outOfRange,
                value: "\(elements.count) numbers")
        }
        if let index = elements.firstIndex(where: { !$0.isFinite }) {
            throw Self.error(space.rawValue, "finite numbers", .outOfRange, value: "\(elements[index])")
        }
        let isOneLayer = space == .w && elements.count == model.wDim
        return RawLatent(
            space: space,
            elements: isOneLayer ? (0..<model.numWs).flatMap { _ in elements } : elements)
    }

    private static func elements(_ key: Key, in container: KeyedDecodingContainer<Key>) throws -> [Float] {
        if let list = try? container.decode([Float].self, forKey: key) { return list }
        if let lists = try? container.decode([[Float]].self, forKey: key) { return lists.flatMap { $0 } }
        if let text = try? container.decode(String.self, forKey: key), let list = RawLatent.elements(base64: text) {
            return list
        }
        throw error(
            key.stringValue, "a list of numbers, or base64 of little-endian 32-bit floats",
            .malformed(expected: "a latent"))
    }

    private static func text(of number: Double) -> String {
        abs(number) < 1e12 ? FixedDecimal(millionths: Int((number * 1_000_000).rounded())).description : "\(number)"
    }

    private static func error(
        _ name: String, _ allowed: String, _ reason: ParameterError.Reason, value: String? = nil
    ) -> ParameterError {
        ParameterError(parameter: name, value: value, allowed: allowed, reason: reason)
    }
}
