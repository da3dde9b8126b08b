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

    /// How many of the names `prefix` + 0, 1, 2, ... + `suffix` there are without a gap.
    func count(prefix: String, suffix: String) -> Int {
        var count = 0
        while contains("\(prefix)\(count)\(suffix)") {
            count += 1
        }
        return count
    }
}
