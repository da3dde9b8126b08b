// SPDX-License-Identifier: Apache-2.0

/// All modules of a network, its own first, parents before children.
struct TorchModuleTree {
    let modules: [TorchModule]

    /// Bounds for a graph that may be cyclic or unfold without end; StyleGAN has 5 levels and 200 modules.
    private static let maxDepth = 16
    private static let maxCount = 5_000

    /// - Throws: `CheckpointError` when a module is not what NVIDIA's code pickles.
    init(root: PickleValue, in document: PickleDocument) throws {
        var found: [TorchModule] = []
        var pending: [(value: PickleValue, path: String, depth: Int)] = [(root, "", 0)]
        while let (value, path, depth) = pending.popLast() {
            guard depth <= Self.maxDepth, found.count < Self.maxCount else {
                throw CheckpointError.malformed(
                    detail: "module \(path.quoted): more than \(Self.maxDepth) levels or \(Self.maxCount) modules")
            }
            guard let module = try TorchModule(value, path: path, in: document) else {
                throw CheckpointError.malformed(detail: "module \(path.quoted) is no persistent object")
            }
            found.append(module)
            pending += module.children.reversed().map { ($0.value, $0.name, depth + 1) }
            guard pending.count <= Self.maxCount else {
                throw CheckpointError.malformed(detail: "more than \(Self.maxCount) modules")
            }
        }
        modules = found
    }
}
