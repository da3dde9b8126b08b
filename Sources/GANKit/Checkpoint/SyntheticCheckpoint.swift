// SPDX-License-Identifier: Apache-2.0

/// A checkpoint whose weights are random numbers by recipe: for benchmarks, and for tests of full-size networks.
public struct SyntheticCheckpoint: CheckpointReader {
    /// How a tensor's elements come about: `Float(RandomState(seed).randn(count) * scale + offset)` in C order.
    public struct Recipe: Sendable {
        /// The length of each axis.
        public var shape: [Int]
        /// Of `numpy.random.RandomState`.
        public var seed: UInt32
        /// Standard deviation of the elements.
        public var scale: Double
        /// Mean of the elements.
        public var offset: Double

        /// A recipe for a tensor of the given shape.
        public init(shape: [Int], seed: UInt32, scale: Double = 1, offset: Double = 0) {
            self.shape = shape
            self.seed = seed
            self.scale = scale
            self.offset = offset
        }
    }

    /// A name for the kind of checkpoint.
    public let formatName = "random weights"
    /// As given.
    public let metadata: CheckpointMetadata
    private let recipes: [String: Recipe]

    /// A checkpoint of the given tensors, and a [1, 3, 3, 1] low-pass wherever a name ends in `resample_filter`, the
    /// identity where it ends in `.transform`.
    public init(recipes: [String: Recipe], metadata: CheckpointMetadata = CheckpointMetadata()) {
        self.recipes = recipes
        self.metadata = metadata
    }

    /// All tensor names, sorted.
    public var tensorNames: [String] { recipes.keys.sorted() }

    /// The shape of a tensor, or nil when there is none of that name.
    public func shape(of name: String) -> [Int]? { recipes[name]?.shape }

    /// Draws a tensor's elements.
    public func tensor(_ name: String) throws -> Tensor {
        guard let recipe = recipes[name] else {
            throw CheckpointError.missingTensor(name: name)
        }
        if name.hasSuffix("resample_filter") {
            return ResampleFilter.usualTensor
        }
        if name.hasSuffix(".transform") {
            return try Tensor(shape: [3, 3], elements: [1, 0, 0, 0, 1, 0, 0, 0, 1])
        }
        var stream = NumPyRandomState(seed: recipe.seed)
        return Tensor(shape: recipe.shape) { elements in
            for index in elements.indices {
                elements[index] = Float(stream.nextNormal() * recipe.scale + recipe.offset)
            }
        }
    }
}
