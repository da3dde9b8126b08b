// SPDX-License-Identifier: Apache-2.0

/// A module of NVIDIA's networks: `_reconstruct_persistent_obj({type, version, module_src, class_name, state})`, where
/// `state` is the `__dict__` of a `torch.nn.Module`. The source text in `module_src` is never looked at.
struct TorchModule: Sendable {
    /// The path from the network: "synthesis.b64.conv0", empty for the network itself.
    let path: String
    let className: String
    /// Plain attributes, and Python's own: "conv_clamp", "_parameters".
    let attributes: PickleDictionary
    /// `_parameters` and `_buffers` by their full names, sorted, without those that are None.
    let tensors: [(name: String, value: PickleValue)]
    /// `_modules` by their paths, sorted, without those that are None.
    let children: [(name: String, value: PickleValue)]

    /// The keyword arguments that the module was made with.
    var initArguments: PickleDictionary { attributes.dictionary("_init_kwargs") }

    /// nil when the value is no persistent object.
    init?(_ value: PickleValue, path: String, in document: PickleDocument) throws {
        guard let arguments = document.arguments(value, of: .persistentObject) else { return nil }
        self.path = path
        let meta = try PickleDictionary(
            arguments.first, in: document, of: "module \(path.quoted): its description")
        guard let type = meta["type"], document.isText(type, "class"), let className = meta.text("class_name") else {
            throw CheckpointError.malformed(detail: "module \(path.quoted): no persistent object of a class")
        }
        self.className = className
        attributes = try PickleDictionary(meta["state"], in: document, of: "module \(path.quoted): its state")
        tensors = try ["_parameters", "_buffers"].flatMap { [attributes] kind in
            try Self.named(attributes[kind], of: path, kind, in: document)
        }
        children = try Self.named(attributes["_modules"], of: path, "_modules", in: document)
    }

    private static func named(
        _ value: PickleValue?, of path: String, _ kind: String, in document: PickleDocument
    ) throws -> [(name: String, value: PickleValue)] {
        guard let value, value != .none else { return [] }
        let prefix = path.isEmpty ? "" : path + "."
        return try PickleDictionary(value, in: document, of: "module \(path.quoted): \(kind)").values
            .filter { $0.value != .none }
            .sorted { $0.key < $1.key }
            .map { (prefix + $0.key, $0.value) }
    }
}
