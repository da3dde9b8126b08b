// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// What every `CheckpointReader` keeps to, whatever its format.
@Suite struct CheckpointReaderConformanceTests {
    /// A format: how to open bytes, a file that the format's own library wrote, and a small file of a few tensors.
    struct Format: Sendable, CustomTestStringConvertible {
        let name: String
        /// Of the format, where it is not what tells the rows apart.
        let formatName: String
        let fixture: @Sendable () throws -> String
        let small: [UInt8]
        let open: @Sendable ([UInt8]) throws -> any CheckpointReader

        var testDescription: String { name }

        init(
            _ name: String, formatName: String? = nil, fixture: @escaping @Sendable @autoclosure () throws -> String,
            small: [UInt8], open: @escaping @Sendable ([UInt8]) throws -> any CheckpointReader
        ) {
            self.name = name
            self.formatName = formatName ?? name
            self.fixture = fixture
            self.small = small
            self.open = open
        }
    }

    static let formats = [
        Format(
            "safetensors", fixture: try GoldenArchive.path("ada-a-32/G_ema.safetensors"),
            small: SafetensorsFile.bytes(
                header: """
                    {"__metadata__":{"conv_clamp":"256"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},\
                    "b":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]}}
                    """,
                data: [UInt8](hex: "003e00be 0000803f000000400000404000008040")),
            open: { try SafetensorsReader(ByteView(copying: $0)) }),
        Format(
            "PyTorch network pickle", fixture: try GoldenArchive.path("ada-c-cond-32/network.pkl"),
            small: TorchPickle.file(), open: { try NVIDIANetworkPickleReader(ByteView(copying: $0)) }),
        Format(
            "TensorFlow network pickle", fixture: try GoldenArchive.path("tf-a-32/network.pkl"),
            small: TensorFlowPickle.file(), open: { try Checkpoint.openPickle(ByteView(copying: $0)) }),
        Format(
            "PyTorch state dict, zip", formatName: "PyTorch state dict",
            fixture: try GoldenArchive.path("rosinality-64/checkpoint.pt"), small: TorchSave.dcgan.zip.bytes,
            open: { try TorchStateDictReader.read(zip: ByteView(copying: $0)) }),
        Format(
            "PyTorch state dict, legacy", formatName: "PyTorch state dict",
            fixture: try GoldenArchive.path("rosinality-64/checkpoint-legacy.pt"), small: TorchSave.dcgan.legacy,
            open: { try TorchStateDictReader.read(legacy: ByteView(copying: $0)) }),
        Format(
            "TensorFlow checkpoint, index", formatName: "TensorFlow checkpoint",
            fixture: FixtureFolder.path("face-generator/model.ckpt.index"), small: TableFile.faceGenerator.index,
            open: { bytes in
                try TensorBundleReader.read(ByteView(copying: bytes)) { _, _ in
                    ByteView(copying: TableFile.faceGenerator.data)
                }
            }),
        Format(
            "TensorFlow checkpoint, data", formatName: "TensorFlow checkpoint",
            fixture: FixtureFolder.path("face-generator/model.ckpt.index"), small: TableFile.faceGenerator.data,
            open: { bytes in
                try TensorBundleReader.read(ByteView(copying: TableFile.faceGenerator.index)) { _, _ in
                    ByteView(copying: bytes)
                }
            }),
    ]

    @Test(arguments: formats)
    func namesAreSortedAndHaveShapes(format: Format) throws {
        let reader = try Checkpoint.open(path: format.fixture())
        #expect(reader.formatName == format.formatName)
        #expect(reader.tensorNames == reader.tensorNames.sorted())
        #expect(Set(reader.tensorNames).count == reader.tensorNames.count)
        for name in reader.tensorNames {
            #expect(try reader.tensor(name).shape == reader.shape(of: name))
        }
    }

    @Test(arguments: formats)
    func missingTensor(format: Format) throws {
        let reader = try format.open(format.small)
        for name in ["", "nothing", "synthesis.b4.conv1", "__metadata__"] {
            #expect(reader.shape(of: name) == nil)
            #expect(throws: CheckpointError.missingTensor(name: name)) { try reader.tensor(name) }
        }
    }

    @Test(arguments: formats)
    func tensorsOutliveTheReader(format: Format) throws {
        var reader: (any CheckpointReader)? = try Checkpoint.open(path: format.fixture())
        let name = try #require(reader?.tensorNames.last)
        let tensor = try #require(try reader?.tensor(name))
        let elements = tensor.elements
        reader = nil
        #expect(tensor.elements == elements)
        #expect(try isIdentical(tensor, Checkpoint.open(path: format.fixture()).tensor(name)))
    }

    @Test(arguments: formats)
    func readsFromManyThreads(format: Format) async throws {
        let reader = try Checkpoint.open(path: format.fixture())
        let expected = try reader.tensorNames.map { try reader.tensor($0).count }
        try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<4 {
                group.addTask { try reader.tensorNames.map { try reader.tensor($0).count } }
            }
            for try await counts in group {
                #expect(counts == expected)
            }
        }
    }

    @Test(arguments: formats)
    func fileCutAnywhereIsMalformed(format: Format) throws {
        _ = try format.open(format.small)
        for length in 0..<format.small.count {
            let error = #expect(throws: CheckpointError.self, "\(length) bytes") {
                try format.open(Array(format.small[..<length]))
            }
            if case .malformed? = error { continue }
            Issue.record("\(length) bytes: \(error.map { "\($0)" } ?? "")")
        }
    }

    /// But for the one whose fixture is the index, not the data.
    @Test(arguments: formats.dropLast())
    func fixtureCutAtSomeOffsets(format: Format) throws {
        let bytes = try contents(ofFile: format.fixture())
        for length in [9, 100, bytes.count / 9, bytes.count / 3, bytes.count / 2, bytes.count - 1] {
            #expect(throws: CheckpointError.self, "\(length) bytes") { try format.open(Array(bytes[..<length])) }
        }
    }

    /// Every byte in turn becomes 0x00, 0xff, and one more or less: either the file still makes sense or the error is
    /// one of ours.
    @Test(arguments: formats)
    func everyByteChanged(format: Format) throws {
        var bytes = format.small
        for offset in bytes.indices {
            let original = bytes[offset]
            for value in [0x00, 0xff, original &+ 1, original &- 1] where value != original {
                bytes[offset] = value
                try Self.readAll(format, bytes)
            }
            bytes[offset] = original
        }
    }

    /// At every byte in turn, whatever is there: lengths, counts, offsets and shapes of four and of eight bytes that no file
    /// has, and those that sums of them overflow with.
    @Test(arguments: formats)
    func hostileLengths(format: Format) throws {
        let numbers: [[UInt8]] =
            [UInt32.max, 1 << 31, UInt32(Int32.max), 1 << 24].map { [UInt8](littleEndian: $0) }
            + [UInt64.max, 1 << 63, UInt64(Int.max), 1 << 40].map { [UInt8](littleEndian: $0) }
            // Of JSON, and of Protocol Buffers.
            + [Array("9223372036854775807".utf8), [UInt8](repeating: 0xff, count: 9) + [1]]
        for offset in format.small.indices {
            for number in numbers where offset + number.count <= format.small.count {
                var bytes = format.small
                bytes.replaceSubrange(offset..<offset + number.count, with: number)
                try Self.readAll(format, bytes)
            }
        }
    }

    /// Of every tensor that the generator takes, or one in a few where they are many.
    @Test(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"), arguments: formats)
    func missingTensorAndWrongShapeAreNamed(format: Format) throws {
        let base = try Checkpoint.open(path: format.fixture())
        let taken = try CheckpointInspection(base).layers.flatMap { layer in
            layer.tensors.map { layer.name.isEmpty ? $0.name : "\(layer.name).\($0.name)" }
        }
        try #require(taken.count > 5)
        for index in stride(from: 0, to: taken.count, by: 1 + taken.count / 24) {
            let name = taken[index]
            let shape = try #require(base.shape(of: name)) + [3]
            func error(_ shape: [Int]?) -> CheckpointError? {
                #expect(throws: CheckpointError.self, "\(name)") {
                    try Generator(checkpoint: AlteredReader(base: base, name: name, shape: shape), threads: 1)
                }
            }
            switch error(nil) {
            case .missingTensor: break
            // Where the others tell how many layers there are.
            case .unsupported where base.metadata.architecture == "dcgan": break
            case let other: Issue.record("\(name) missing: \(other.map(\.description) ?? "")")
            }
            let message = error(shape)?.description ?? ""
            #expect(message.contains("'\(name)'") && message.contains("\(shape)"), "\(name): \(message)")
        }
    }

    /// A reader one of whose tensors is not there, or has another shape.
    private struct AlteredReader: CheckpointReader {
        let base: any CheckpointReader
        let name: String
        let shape: [Int]?

        var formatName: String { base.formatName }
        var metadata: CheckpointMetadata { base.metadata }
        var tensorNames: [String] { base.tensorNames.filter { $0 != name || shape != nil } }
        func shape(of name: String) -> [Int]? { name == self.name ? shape : base.shape(of: name) }
        func tensor(_ name: String) throws -> Tensor {
            guard name == self.name else { return try base.tensor(name) }
            guard let shape else { throw CheckpointError.missingTensor(name: name) }
            return Tensor(shape: shape) { $0.update(repeating: 1) }
        }
    }

    /// Several bytes changed, inserted and removed at a time, from a fixed seed.
    @Test(arguments: formats)
    func randomDamage(format: Format) throws {
        for seed in 0..<1_000 {
            var random = SplitMix64(state: UInt64(seed))
            var bytes = format.small
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let offset = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[offset] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: offset)
                case 2: bytes.removeSubrange(offset..<min(offset + 4, bytes.count - 1))
                default:
                    // A stretch copied elsewhere makes valid structure in the wrong place.
                    let source = Int.random(in: 0..<bytes.count, using: &random)
                    bytes.insert(contentsOf: bytes[source..<min(source + 16, bytes.count)], at: offset)
                }
            }
            try Self.readAll(format, bytes)
        }
    }

    /// Opens and reads everything; errors other than `CheckpointError` fail the test.
    private static func readAll(_ format: Format, _ bytes: [UInt8]) throws {
        do {
            let reader = try format.open(bytes)
            // What the tensors take is bounded by the file, but for filters that a format leaves to be made.
            let count = try reader.tensorNames.reduce(0) { sum, name in
                try sum + #require(reader.shape(of: name)).reduce(1, *)
            }
            #expect(count <= bytes.count + 4_096)
            for name in reader.tensorNames {
                do {
                    _ = try reader.tensor(name).count
                } catch is CheckpointError {
                }
            }
        } catch is CheckpointError {
        }
    }
}

/// A small generator of random numbers with a seed (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
