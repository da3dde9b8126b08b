// SPDX-License-Identifier: Apache-2.0

/// Reads `.safetensors` files. F32 tensors at a multiple of 4 bytes are viewed in the mapped file, others are copied.
public struct SafetensorsReader: CheckpointReader {
    /// The format as people call it.
    public let formatName = "safetensors"
    /// What the header's `__metadata__` says; keys that are absent mean the default.
    public let metadata: CheckpointMetadata
    /// All tensor names, sorted.
    public let tensorNames: [String]
    private let header: SafetensorsHeader
    private let file: ByteView

    /// Reads the header.
    ///
    /// - Throws: `CheckpointError` unless every tensor of the header lies within the file.
    public init(_ file: MappedFile) throws {
        try self.init(ByteView(file))
    }

    init(_ file: ByteView) throws {
        self.file = file
        header = try SafetensorsHeader(file)
        metadata = try SafetensorsMetadata.decode(header.metadata)
        tensorNames = header.entries.keys.sorted()
    }

    /// The shape of a tensor, or nil when there is none of that name.
    public func shape(of name: String) -> [Int]? {
        header.entries[name]?.shape
    }

    /// Reads a tensor as Float32.
    ///
    /// - Throws: `CheckpointError.missingTensor`, or `.unsupported` when the elements are no floating-point numbers.
    public func tensor(_ name: String) throws -> Tensor {
        guard let entry = header.entries[name] else {
            throw CheckpointError.missingTensor(name: name)
        }
        guard entry.elementType.isFloatingPoint else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): elements of type \(entry.elementType.name), not floating-point numbers")
        }
        let source = file.slice(entry.range)
        if entry.elementType == .float32, let elements = source.alignedFloats {
            return Tensor(shape: entry.shape, viewing: elements, ownedBy: source.owner)
        }
        return withExtendedLifetime(source.owner) {
            Tensor(shape: entry.shape) { entry.elementType.widen(source.bytes, into: $0) }
        }
    }
}

extension ByteView {
    /// The bytes as little-endian Float32, or nil when this machine cannot read them in place.
    fileprivate var alignedFloats: UnsafeBufferPointer<Float>? {
        #if _endian(little)
        guard Int(bitPattern: bytes.baseAddress).isMultiple(of: MemoryLayout<Float>.alignment) else { return nil }
        return bytes.bindMemory(to: Float.self)
        #else
        return nil
        #endif
    }
}
