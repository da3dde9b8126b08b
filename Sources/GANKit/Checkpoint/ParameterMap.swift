// SPDX-License-Identifier: Apache-2.0

/// Takes a network's tensors from a checkpoint and checks their shapes on the way.
struct ParameterMap {
    let reader: any CheckpointReader

    /// The tensor of that name, whose axes must have the given lengths; nil admits any length but zero.
    ///
    /// - Throws: `CheckpointError.missingTensor`, `.unexpectedShape`, and what the reader throws.
    func tensor(_ name: String, shape expected: [Int?]) throws -> Tensor {
        _ = try shape(name, expected)
        return try reader.tensor(name)
    }

    /// The tensor of that name, whatever its shape.
    ///
    /// - Throws: `CheckpointError.missingTensor`, and what the reader throws.
    func anyTensor(_ name: String) throws -> Tensor {
        try reader.tensor(name)
    }

    /// The shape of the tensor of that name, checked like `tensor(_:shape:)`.
    func shape(_ name: String, _ expected: [Int?]) throws -> [Int] {
        guard let actual = reader.shape(of: name) else {
            throw CheckpointError.missingTensor(name: name)
        }
        let fits =
            actual.count == expected.count
            && zip(actual, expected).allSatisfy { length, wanted in
                wanted.map { $0 == length } ?? (length > 0)
            }
        guard fits else {
            throw CheckpointError.unexpectedShape(name: name, expected: expected, actual: actual)
        }
        return actual
    }

    /// Whether there is a tensor of that name.
    func contains(_ name: String) -> Bool {
        reader.shape(of: name) != nil
    }

    /// The numbers that follow `prefix` in tensor names, up to the next dot: {4, 8} of `synthesis.b4.const`,
    /// `synthesis.b8.conv0.weight` with the prefix `synthesis.b`.
    func numbers(after prefix: String) -> Set<Int> {
        Set(
            reader.tensorNames.compactMap { name in
                name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count).prefix { $0 != "." }) : nil
            })
    }
}
