// SPDX-License-Identifier: Apache-2.0

/// A dictionary with text keys in a pickle: what Python calls attributes, or keyword arguments.
struct PickleDictionary: Sendable {
    /// More entries than any module, argument list or table of parameters has. Where dictionaries are walked without knowing
    /// whether they share parts, this bounds the time of it.
    static let maxCount = 500

    let values: [String: PickleValue]
    private let document: PickleDocument

    /// - Parameter owner: whose dictionary it is, for messages: "module 'mapping': its state"
    /// - Throws: `CheckpointError.malformed` unless the value is a dictionary whose keys are text
    init(_ value: PickleValue?, in document: PickleDocument, of owner: @autoclosure () -> String) throws {
        guard let node = document.node(value), node.kind == .dictionary, node.elements.count <= 2 * Self.maxCount else {
            throw CheckpointError.malformed(
                detail: "\(owner()) is no dictionary of at most \(Self.maxCount) entries")
        }
        var values: [String: PickleValue] = [:]
        for entry in document.entries(value) ?? [] {
            guard let key = document.string(entry.key) else {
                throw CheckpointError.malformed(detail: "\(owner()) has a name that is no text of at most 256 bytes")
            }
            values[key] = entry.value
        }
        self.values = values
        self.document = document
    }

    private init(values: [String: PickleValue], document: PickleDocument) {
        self.values = values
        self.document = document
    }

    /// A value, or nil when there is none of that name.
    subscript(_ name: String) -> PickleValue? { values[name] }

    /// A text.
    func text(_ name: String) -> String? { document.string(values[name]) }

    /// A number.
    func number(_ name: String) -> Double? { document.double(values[name]) }

    /// A list of numbers, numpy's included.
    func numbers(_ name: String) -> [Double]? { document.numbers(values[name]) }

    /// A truth value, numpy's included.
    func flag(_ name: String) -> Bool? {
        if case .bool(let flag)? = values[name] { return flag }
        return number(name).map { $0 != 0 }
    }

    /// A list of texts.
    func texts(_ name: String) -> [String]? {
        guard let elements = document.sequence(values[name]), elements.count <= Self.maxCount else { return nil }
        let texts = elements.compactMap { document.string($0) }
        return texts.count == elements.count ? texts : nil
    }

    /// A dictionary within; an empty one when there is none of that name.
    func dictionary(_ name: String) -> PickleDictionary {
        (try? PickleDictionary(values[name], in: document, of: name))
            ?? PickleDictionary(values: [:], document: document)
    }
}
