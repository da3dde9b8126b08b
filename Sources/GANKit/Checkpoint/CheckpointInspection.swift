// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What is in a checkpoint, and what of it a generator uses.
public struct CheckpointInspection: Sendable {
    /// One tensor.
    public struct TensorEntry: Sendable {
        /// Within its layer: "weight".
        public let name: String
        /// The length of each axis.
        public let shape: [Int]
        /// The number of elements.
        public var count: Int { shape.reduce(1, *) }
    }

    /// The tensors of one layer.
    public struct Layer: Sendable {
        /// "synthesis.b64.conv0"
        public let name: String
        /// In the order of their names.
        public let tensors: [TensorEntry]
        /// The elements of all tensors.
        public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }
    }

    /// The format as people call it.
    public let formatName: String
    /// What the file says beside the tensors.
    public let metadata: CheckpointMetadata
    /// The generator's sizes.
    public let configuration: GeneratorConfiguration
    /// The layers of the generator, in the order of their names, numbers by their value.
    public let layers: [Layer]
    /// What the generator does not need: other networks of the file, and tensors.
    public let unused: [String]

    /// The elements that the generator uses.
    public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// Loads the generator of a checkpoint and looks which tensors it takes.
    ///
    /// - Throws: `CheckpointError`
    public init(_ reader: any CheckpointReader) throws {
        let recorder = RecordingReader(reader)
        configuration = try Generator(checkpoint: recorder).configuration
        formatName = reader.formatName
        metadata = reader.metadata
        let taken = recorder.taken.withLock { $0 }
        var tensors: [String: [TensorEntry]] = [:]
        for name in reader.tensorNames where taken.contains(name) {
            let (layer, own) = name.moduleAndTensor
            tensors[layer, default: []].append(TensorEntry(name: own, shape: reader.shape(of: name) ?? []))
        }
        layers = tensors.map { Layer(name: $0.key, tensors: $0.value) }
            .sorted { Self.isBefore($0.name, $1.name) }
        unused = reader.tensorNames.filter { !taken.contains($0) }.map { "tensor \($0.quoted)" } + reader.unused
    }

    /// "b8" comes before "b16", "L9_84_32" before "L10_84_25".
    private static func isBefore(_ first: String, _ second: String) -> Bool {
        for (a, b) in zip(runs(first), runs(second)) where a != b {
            guard let x = Int(a), let y = Int(b), x != y else { return a < b }
            return x < y
        }
        return first.utf8.count < second.utf8.count
    }

    /// The stretches of digits and of other characters that a name consists of.
    private static func runs(_ name: String) -> [Substring] {
        func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
        var runs: [Substring] = []
        var rest = name[...]
        while let first = rest.first {
            let run = rest.prefix { isDigit($0) == isDigit(first) }
            runs.append(run)
            rest = rest[run.endIndex...]
        }
        return runs
    }
}

/// Notes which tensors are read.
private final class RecordingReader: CheckpointReader {
    let taken = Mutex<Set<String>>([])
    private let reader: any CheckpointReader

    init(_ reader: any CheckpointReader) {
        self.reader = reader
    }

    var formatName: String { reader.formatName }
    var metadata: CheckpointMetadata { reader.metadata }
    var tensorNames: [String] { reader.tensorNames }

    func shape(of name: String) -> [Int]? { reader.shape(of: name) }

    func tensor(_ name: String) throws -> Tensor {
        taken.withLock { _ = $0.insert(name) }
        return try reader.tensor(name)
    }
}
