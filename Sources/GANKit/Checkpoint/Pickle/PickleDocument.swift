// SPDX-License-Identifier: Apache-2.0

/// What a pickle holds: a graph of plain values. It may be cyclic and its unfolding may be endless, so whoever walks
/// it bounds depth and number of steps.
struct PickleDocument: Sendable {
    let source: ByteView
    let nodes: [PickleNode]
    let root: PickleValue
    /// The offset in `source` right after STOP.
    let endOffset: Int

    /// The node behind a value, or nil for a scalar.
    func node(_ value: PickleValue?) -> PickleNode? {
        if case .node(let index)? = value { nodes[index] } else { nil }
    }

    /// The elements of a tuple or list.
    func sequence(_ value: PickleValue?) -> [PickleValue]? {
        guard let node = node(value), node.kind == .tuple || node.kind == .list else { return nil }
        return node.elements
    }

    /// The arguments of a recorded call of `global`.
    func arguments(_ value: PickleValue?, of global: PickleGlobal) -> [PickleValue]? {
        guard let node = node(value), node.kind == .object(global) else { return nil }
        return node.elements
    }

    /// The keys and values of a dictionary in the order of insertion; a key may occur again, and then its last value
    /// counts.
    func entries(_ value: PickleValue?) -> [(key: PickleValue, value: PickleValue)]? {
        guard let node = node(value), node.kind == .dictionary else { return nil }
        return stride(from: 0, to: node.elements.count - 1, by: 2).map {
            (node.elements[$0], node.elements[$0 + 1])
        }
    }

    /// The value of a text key in a dictionary.
    func value(_ dictionary: PickleValue?, forKey key: String) -> PickleValue? {
        entries(dictionary)?.last { isText($0.key, key) }?.value
    }

    /// Whether a value is this text.
    func isText(_ value: PickleValue, _ text: String) -> Bool {
        guard case .string(let range) = value else { return false }
        return withExtendedLifetime(source.owner) { source.bytes[range].elementsEqual(text.utf8) }
    }

    /// Text, or nil for anything else, for invalid UTF-8 and for more than `limit` bytes.
    func string(_ value: PickleValue?, limit: Int = 256) -> String? {
        guard case .string(let range)? = value, range.count <= limit else { return nil }
        return withExtendedLifetime(source.owner) { String(validating: source.bytes[range], as: UTF8.self) }
    }

    /// An integer, numpy's included.
    func integer(_ value: PickleValue?) -> Int? {
        switch value {
        case .int(let number)?: number
        case .node?: numpyScalar(value).flatMap(Int.init(exactly:))
        default: nil
        }
    }

    /// A number, numpy's included.
    func double(_ value: PickleValue?) -> Double? {
        switch value {
        case .int(let number)?: Double(number)
        case .double(let number)?: number
        case .node?: numpyScalar(value)
        default: nil
        }
    }
}
