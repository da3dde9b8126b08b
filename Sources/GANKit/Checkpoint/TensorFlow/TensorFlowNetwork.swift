// SPDX-License-Identifier: Apache-2.0

/// A pickled `dnnlib.tflib.network.Network`: named arrays and the arguments that the network was built with. Networks it
/// is made of (mapping, synthesis) are folders of its variables. The source text in `build_module_src` is never looked at.
struct TensorFlowNetwork {
    let name: String
    /// The functions that built it and its components: ["": "G_main", "synthesis": "G_synthesis_stylegan2", ...].
    let functions: [String: String]
    /// "synthesis/4x4/Conv/weight", ...
    let variables: [String: TensorSource]
    /// Of the network itself, and beneath those of its components.
    private let arguments: [[String: PickleValue]]
    private let document: PickleDocument

    private static let maxVariables = 10_000
    private static let maxArguments = 200
    private static let maxComponents = 16
    /// Version 3 is that of the StyleGAN repository, 4 that of StyleGAN2; before, the layout was another one.
    private static let versions = 3...4

    init(_ value: PickleValue, in document: PickleDocument) throws {
        var variables: [String: TensorSource] = [:]
        var functions: [String: String] = [:]
        var arguments: [[String: PickleValue]] = []
        var name = ""
        var pending: [(value: PickleValue, path: String)] = [(value, "")]
        var texts: [Range<Int>: Latin1Text] = [:]
        var budget = TensorBudget(fileByteCount: document.source.count)
        while let (value, path) = pending.popLast() {
            guard document.arguments(value, of: .tensorFlowNetwork) != nil, let state = document.node(value)?.state
            else {
                throw CheckpointError.malformed(detail: "component \(path.quoted) is no network")
            }
            guard let version = document.integer(document.value(state, forKey: "version")),
                Self.versions.contains(version)
            else {
                throw CheckpointError.unsupported(
                    detail: "the network is not of version \(Self.versions.lowerBound) or \(Self.versions.upperBound)")
            }
            if path.isEmpty { name = document.string(document.value(state, forKey: "name")) ?? "" }
            functions[path] = document.string(document.value(state, forKey: "build_func_name")) ?? ""
            arguments.append(try Self.arguments(document.value(state, forKey: "static_kwargs"), in: document))
            let own = try Self.variables(
                document.value(state, forKey: "variables"), in: document, texts: &texts, budget: &budget)
            for (key, source) in own {
                let key = path.isEmpty ? key : "\(path)/\(key)"
                guard variables.updateValue(source, forKey: key) == nil else {
                    throw CheckpointError.malformed(detail: "tensor \(key.quoted) occurs twice")
                }
            }
            guard variables.count <= Self.maxVariables else {
                throw CheckpointError.malformed(detail: "more than \(Self.maxVariables) tensors")
            }
            // One level is all there is.
            guard path.isEmpty else { continue }
            let components = document.entries(document.value(state, forKey: "components")) ?? []
            guard components.count <= Self.maxComponents else {
                throw CheckpointError.malformed(detail: "more than \(Self.maxComponents) components")
            }
            for component in components {
                guard let key = document.string(component.key) else {
                    throw CheckpointError.malformed(detail: "the name of a component is no text")
                }
                pending.append((component.value, key))
            }
        }
        self.name = name
        self.functions = functions
        self.variables = variables
        self.arguments = arguments
        self.document = document
    }

    /// A text argument.
    func text(_ name: String) -> String? { argument(name).flatMap { document.string($0) } }

    /// A numeric argument.
    func number(_ name: String) -> Double? { argument(name).flatMap { document.double($0) } }

    /// A truth value.
    func flag(_ name: String) -> Bool? {
        if case .bool(let value)? = argument(name) { value } else { nil }
    }

    /// A list of numbers.
    func numbers(_ name: String) -> [Double]? {
        guard let elements = argument(name).flatMap({ document.sequence($0) }), elements.count <= 16 else { return nil }
        let numbers = elements.compactMap { document.double($0) }
        return numbers.count == elements.count ? numbers : nil
    }

    /// The value of an argument that is neither absent nor None.
    private func argument(_ name: String) -> PickleValue? {
        arguments.lazy.compactMap { $0[name] }.first { $0 != .none }
    }

    private static func arguments(
        _ value: PickleValue?, in document: PickleDocument
    ) throws -> [String: PickleValue] {
        let entries = document.entries(value) ?? []
        guard entries.count <= maxArguments else {
            throw CheckpointError.malformed(detail: "the network has more than \(maxArguments) arguments")
        }
        var arguments: [String: PickleValue] = [:]
        for entry in entries {
            if let key = document.string(entry.key) { arguments[key] = entry.value }
        }
        return arguments
    }

    private static func variables(
        _ value: PickleValue?, in document: PickleDocument, texts: inout [Range<Int>: Latin1Text],
        budget: inout TensorBudget
    ) throws -> [(String, TensorSource)] {
        guard let list = document.sequence(value), list.count <= maxVariables else {
            throw CheckpointError.malformed(detail: "the network has no list of at most \(maxVariables) variables")
        }
        return try list.map { item in
            guard let pair = document.sequence(item), pair.count == 2, let name = document.string(pair[0]) else {
                throw CheckpointError.malformed(detail: "a variable is no pair of a name and an array")
            }
            return try CheckpointError.naming(name) {
                let tensor = try StridedTensor(numpy: pair[1], in: document, texts: &texts)
                try budget.charge(tensor.byteCount)
                return (name, tensor.source(name))
            }
        }
    }
}
