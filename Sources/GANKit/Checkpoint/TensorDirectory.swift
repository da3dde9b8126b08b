// SPDX-License-Identifier: Apache-2.0

/// The tensors of a file under the file's names, and which of them have been taken.
struct TensorDirectory {
    private let sources: [String: TensorSource]
    private var taken: Set<String> = []

    init(_ sources: [String: TensorSource]) {
        self.sources = sources
    }

    var names: some Collection<String> { sources.keys }

    func contains(_ name: String) -> Bool { sources[name] != nil }

    /// The shape of a tensor, or nil when there is none of that name.
    func shape(_ name: String) -> [Int]? { sources[name]?.shape }

    /// A tensor, whose axes must have the given lengths; nil admits any length but zero.
    ///
    /// - Throws: `CheckpointError.missingTensor`, `.unexpectedShape`
    mutating func take(_ name: String, _ shape: [Int?]) throws -> TensorSource {
        guard let source = sources[name] else {
            throw CheckpointError.missingTensor(name: name)
        }
        taken.insert(name)
        return try source.expecting(shape)
    }

    /// What nobody took, sorted.
    var rest: [String] { sources.keys.filter { !taken.contains($0) }.sorted() }
}
