// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct StridedTensorTorchTests {
    private func read(_ object: PythonObject, protocol version: UInt8 = 3) throws -> StridedTensor {
        let document = try PickleMachine.run(ByteView(copying: object.pickled(protocol: version)))
        var storages = TorchStorageCache(for: document)
        return try StridedTensor(document.root, in: document, storages: &storages)
    }

    private func read(
        _ storage: TorchPickle.Storage, offset: Int = 0, shape: [Int], strides: [Int]
    ) throws -> StridedTensor {
        try read(TorchPickle.tensor(storage.object, offset: offset, shape: shape, strides: strides))
    }

    private static let sixNumbers = TorchPickle.Storage([0, 1, 2, 3, 4, 5])

    /// Offset, shape, strides, and `torch.arange(6.).as_strided(shape, strides, offset).flatten()`.
    static let windows: [(Int, [Int], [Int], [Float])] = [
        (0, [2, 3], [3, 1], [0, 1, 2, 3, 4, 5]),
        (0, [3, 2], [1, 3], [0, 3, 1, 4, 2, 5]),
        (0, [6], [1], [0, 1, 2, 3, 4, 5]),
        (1, [2, 2], [3, 1], [1, 2, 4, 5]),
        (5, [], [], [5]),
        (0, [1, 3, 1, 2], [99, 1, 7, 3], [0, 3, 1, 4, 2, 5]),
        (0, [2, 1, 3], [3, 55, 1], [0, 1, 2, 3, 4, 5]),
        (1, [3], [2], [1, 3, 5]),
        (9, [0, 4], [4, 1], []),
    ]

    @Test(arguments: windows)
    func honoursOffsetAndStrides(offset: Int, shape: [Int], strides: [Int], elements: [Float]) throws {
        let tensor = try read(Self.sixNumbers, offset: offset, shape: shape, strides: strides)
        #expect(tensor.shape == shape)
        #expect(try tensor.materialize().shape == shape)
        #expect(try tensor.materialize().elements == elements)
    }

    static let badWindows: [(Int, [Int], [Int], String)] = [
        (1, [2, 3], [3, 1], "offset 1, shape [2, 3] and strides [3, 1] exceed the storage's 6 elements"),
        (0, [7], [1], "offset 0, shape [7] and strides [1] exceed the storage's 6 elements"),
        (6, [], [], "offset 6, shape [] and strides [] exceed the storage's 6 elements"),
        (0, [Int.max, 2], [1, 1], "exceed the storage's 6 elements"),
        (Int.max, [2], [1], "exceed the storage's 6 elements"),
        (0, [2, 2], [Int.max, Int.max], "exceed the storage's 6 elements"),
        (0, [1_000_000_000], [0], "shape [1000000000] has more elements than the storage's 6"),
        (0, [0, .max, .max], [1, .max, 1], "exceed the storage's 6 elements"),
        (0, [3, 3], [1, 1], "shape [3, 3] has more elements than the storage's 6"),
        (-1, [1], [1], "a negative number among offset -1, shape [1], strides [1]"),
        (0, [-1], [1], "a negative number among"),
        (5, [2], [-1], "a negative number among"),
        (0, [1], [], "1 axes with 0 strides"),
        (0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], "no valid offset, shape and strides"),
    ]

    @Test(arguments: badWindows)
    func refusesWhatLeavesTheStorage(offset: Int, shape: [Int], strides: [Int], message: String) {
        let error = #expect(throws: CheckpointError.self) {
            try read(Self.sixNumbers, offset: offset, shape: shape, strides: strides)
        }
        #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }

    /// Storage type, `struct.pack` of 1.5 and -1.5.
    @Test(arguments: [
        ("FloatStorage", "0000c03f 0000c0bf"), ("HalfStorage", "003e 00be"), ("BFloat16Storage", "c03f c0bf"),
        ("DoubleStorage", "000000000000f83f 000000000000f8bf"),
    ])
    func widensEachFloatingPointType(type: String, data: String) throws {
        let storage = TorchPickle.Storage(type: type, count: 2, data: [UInt8](hex: data))
        let tensor = try read(storage, shape: [2], strides: [1])
        #expect(try tensor.materialize().elements == [1.5, -1.5])
    }

    @Test(arguments: [
        ("LongStorage", 8), ("IntStorage", 4), ("ShortStorage", 2), ("CharStorage", 1), ("ByteStorage", 1),
        ("BoolStorage", 1),
    ])
    func otherTypesHaveAShapeAndAreRefused(type: String, size: Int) throws {
        let storage = TorchPickle.Storage(type: type, count: 1, data: [UInt8](repeating: 0, count: size))
        let tensor = try read(storage, shape: [], strides: [])
        #expect(tensor.shape == [])
        #expect(throws: CheckpointError.self) { try tensor.materialize() }
    }

    @Test func cudaStoragesAreLikeOthers() throws {
        var storage = Self.sixNumbers
        storage.location = "cuda:0"
        #expect(try read(storage, shape: [1], strides: [1]).materialize().elements == [0])
    }

    @Test func bytesOfProtocol2AreTextInLatin1() throws {
        // 0x80 and above take two bytes of UTF-8.
        let text = String(String.UnicodeScalarView(Self.sixNumbers.stream.map { Unicode.Scalar($0) }))
        let bytes = PythonObject.reduce(.global("_codecs", "encode"), [.string(text), .string("latin1")])
        let storage = PythonObject.reduce(.global("torch.storage", "_load_from_bytes"), [bytes])
        let tensor = try read(TorchPickle.tensor(storage, shape: [3, 2], strides: [1, 3]), protocol: 2)
        #expect(try tensor.materialize().elements == [0, 3, 1, 4, 2, 5])
    }

    @Test func textThatIsNoLatin1() {
        let bytes = PythonObject.reduce(.global("_codecs", "encode"), [.string("\u{100}"), .string("latin1")])
        let storage = PythonObject.reduce(.global("torch.storage", "_load_from_bytes"), [bytes])
        #expect(throws: CheckpointError.malformed(detail: "bytes written as text hold no Latin-1 character")) {
            try read(TorchPickle.tensor(storage, shape: [], strides: []))
        }
    }

    /// What to spoil, message.
    static let spoiled: [(@Sendable (inout TorchPickle.Storage) -> Void, String)] = [
        ({ $0.magic = .int(7) }, "its storage does not begin with the number of torch.save"),
        ({ $0.version = .int(1002) }, "its storage is not of torch.save protocol 1001"),
        ({ $0.system = .dict([("little_endian", .bool(false))]) }, "its storage is not in little-endian order"),
        ({ $0.system = .none }, "its storage is not in little-endian order"),
        ({ $0.type = "ComplexFloatStorage" }, "refused to import 'torch.ComplexFloatStorage'"),
        ({ $0.keys = [] }, "its storage's list of keys is not the storage's key"),
        ({ $0.keys = ["other"] }, "its storage's list of keys is not the storage's key"),
        ({ $0.announcedCount = 5 }, "its storage holds 6 elements, 5 announced"),
        ({ $0.announcedCount = -1 }, "its storage has no valid persistent ID"),
        ({ $0.data.removeLast() }, "its storage of 6 F32 elements has 23 bytes"),
        ({ $0.data.append(0) }, "its storage of 6 F32 elements has 25 bytes"),
        (
            {
                $0.count = .max; $0.announcedCount = .max
            }, "its storage of 9223372036854775807 F32 elements has 24 bytes"
        ),
        (
            {
                $0.count = -1; $0.announcedCount = 6
            }, "its storage holds -1 elements, 6 announced"
        ),
        ({ $0.view = .tuple([.string("v"), .int(0), .int(1)]) }, "its storage is a view of another storage"),
    ]

    @Test(arguments: spoiled.indices)
    func spoiledStorages(index: Int) {
        let (spoil, message) = Self.spoiled[index]
        var storage = Self.sixNumbers
        spoil(&storage)
        let error = #expect(throws: CheckpointError.self) { try read(storage, shape: [1], strides: [1]) }
        #expect(error?.description.hasPrefix(message) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func storageCutAnywhere() {
        let stream = Self.sixNumbers.stream
        for length in 0..<stream.count {
            let storage = PythonObject.reduce(
                .global("torch.storage", "_load_from_bytes"), [.bytes(Array(stream[..<length]))])
            #expect(throws: CheckpointError.self) {
                try read(TorchPickle.tensor(storage, shape: [6], strides: [1]))
            }
        }
    }
}
