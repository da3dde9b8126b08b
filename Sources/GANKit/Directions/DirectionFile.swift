// SPDX-License-Identifier: Apache-2.0

/// Reads directions from files: one array in a `.npy`, or the tensors of a `.safetensors`.
///
/// An array may have the shape
/// - `[D]` or `[1, D]`: one direction (InterFaceGAN's boundaries);
/// - `[K, 1, D]`: K directions (GANSpace's components);
/// - `[numWs, D]` in w: one direction with a vector for each layer,
///
/// where D is the model's `zDim` or `wDim`. Directions keep the length that they have in the file.
public enum DirectionFile {
    /// The directions of one array.
    public struct Entry: Sendable, Equatable {
        /// The tensor's name; nil in a `.npy`, where arrays have none.
        public let name: String?
        /// At least one.
        public let directions: [LatentDirection]
    }

    /// Reads all directions of a file, in the order of their names.
    ///
    /// - Parameters:
    ///   - space: which latents they move, which files do not say
    ///   - configuration: the model's
    /// - Throws: `CheckpointError`, which names the tensor and what its shape may be
    public static func read(
        path: String, space: LatentDirection.Space, for configuration: GeneratorConfiguration
    ) throws -> [Entry] {
        let file = try MappedFile(path: path)
        if NumPyFile.isOne(file.bytes) {
            return [try entry(nil, try NumPyFile.read(ByteView(file)), space, configuration)]
        }
        guard case .safetensors = try CheckpointFormat(recognizing: file.bytes) else {
            throw CheckpointError.unknownFormat(detail: "no file of directions: neither .npy nor safetensors")
        }
        let reader = try SafetensorsReader(ByteView(file))
        guard !reader.tensorNames.isEmpty else {
            throw CheckpointError.malformed(detail: "the file has no tensors")
        }
        return try reader.tensorNames.map { name in
            try entry(name, reader.tensor(name), space, configuration)
        }
    }

    private static func entry(
        _ name: String?, _ tensor: Tensor, _ space: LatentDirection.Space, _ configuration: GeneratorConfiguration
    ) throws -> Entry {
        let length = space == .z ? configuration.zDim : configuration.wDim
        let elements = tensor.elements
        if let index = elements.firstIndex(where: { !$0.isFinite }) {
            throw CheckpointError.malformed(detail: "\(subject(name)): element \(index) is not a finite number")
        }
        let vectors: [[Float]]
        switch tensor.shape {
        case [length], [1, length]:
            vectors = [elements]
        case [configuration.numWs, length] where space == .w:
            vectors = [elements]
        case let shape where shape.count == 3 && shape[0] > 0 && Array(shape[1...]) == [1, length]:
            vectors = (0..<shape[0]).map { Array(elements[$0 * length..<($0 + 1) * length]) }
        default:
            let perLayer = space == .w ? ", [\(configuration.numWs), \(length)]" : ""
            throw CheckpointError.unsupported(
                detail: "\(subject(name)) of shape \(tensor.shape) is no direction of \(space.rawValue), which is "
                    + "[\(length)], [1, \(length)]\(perLayer) or [K, 1, \(length)]")
        }
        return Entry(
            name: name, directions: vectors.map { LatentDirection(space: space, vectors: $0, length: length) })
    }

    private static func subject(_ name: String?) -> String {
        name.map { "tensor \($0.quoted)" } ?? "the array"
    }
}
