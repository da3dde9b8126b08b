// SPDX-License-Identifier: Apache-2.0

/// A module of NVIDIA's networks: `_reconstruct_persistent_obj({type, version, module_src, class_name, state})`, where
/// `state` is the `__dict__` of a `torch.nn.Module`. The source text in `module_src` is never looked at.
struct TorchModule {
    /// The path from the network: "synthesis.b64.conv0", empty for the network itself.
    let path: String
    let className: String
    /// `_parameters` and `_buffers` by their full names, sorted, without those that are None.
    let tensors: [(name: String, value: PickleValue)]
    /// `_modules` by their paths, sorted, without those that are None.
    let children: [(name: String, value: PickleValue)]
    private let document: PickleDocument
    private let attributes: [String: PickleValue]

    /// More than any module has; together with the bound on the number of modules it bounds the time of a walk.
    private static let maxEntries = 500

    /// nil when the value is no persistent object.
    init?(_ value: PickleValue, path: String, in document: PickleDocument) throws {
        guard let arguments = document.arguments(value, of: .persistentObject) else { return nil }
        self.path = path
        self.document = document
        let meta = try Self.entries(arguments.first, of: path, "its description", in: document)
        guard let type = meta["type"], document.isText(type, "class"),
            let className = document.string(meta["class_name"])
        else {
            throw CheckpointError.malformed(detail: "module \(path.quoted): no persistent object of a class")
        }
        self.className = className
        attributes = try Self.entries(meta["state"], of: path, "its state", in: document)
        tensors = try ["_parameters", "_buffers"].flatMap { [attributes] kind in
            try Self.named(attributes[kind], of: path, kind, in: document)
        }
        children = try Self.named(attributes["_modules"], of: path, "_modules", in: document)
    }

    /// A plain attribute, or nil when there is none of that name.
    func attribute(_ name: String) -> PickleValue? { attributes[name] }

    /// A text attribute.
    func text(_ name: String) -> String? { document.string(attributes[name]) }

    /// A numeric attribute.
    func number(_ name: String) -> Double? { document.double(attributes[name]) }

    /// A list of numbers, numpy's included.
    func numbers(_ name: String) -> [Double]? { document.numbers(attributes[name]) }

    /// A truth value, numpy's included.
    func flag(_ name: String) -> Bool? {
        if case .bool(let flag)? = attributes[name] { return flag }
        return number(name).map { $0 != 0 }
    }

    /// A list of texts.
    func texts(_ name: String) -> [String]? {
        guard let elements = document.sequence(attributes[name]), elements.count <= Self.maxEntries else { return nil }
        let texts = elements.compactMap { document.string($0) }
        return texts.count == elements.count ? texts : nil
    }

    private static func entries(
        _ value: PickleValue?, of path: String, _ what: String, in document: PickleDocument
    ) throws -> [String: PickleValue] {
        guard let node = document.node(value), node.kind == .dictionary,
            node.elements.count <= 2 * maxEntries
        else {
            throw CheckpointError.malformed(
                detail: "module \(path.quoted): \(what) is no dictionary of at most \(maxEntries) entries")
        }
        var entries: [String: PickleValue] = [:]
        for entry in document.entries(value) ?? [] {
            guard let key = document.string(entry.key) else {
                throw CheckpointError.malformed(
                    detail: "module \(path.quoted): a name in \(what) is no text of at most 256 bytes")
            }
            entries[key] = entry.value
        }
        return entries
    }

    private static func named(
        _ value: PickleValue?, of path: String, _ what: String, in document: PickleDocument
    ) throws -> [(name: String, value: PickleValue)] {
        guard let value, value != .none else { return [] }
        return try entries(value, of: path, what, in: document)
            .filter { $0.value != .none }
            .sorted { $0.key < $1.key }
            .map { (prefix(path) + $0.key, $0.value) }
    }

    private static func prefix(_ path: String) -> String {
        path.isEmpty ? "" : path + "."
    }
}
