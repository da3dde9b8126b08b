// SPDX-License-Identifier: Apache-2.0

/// The header of a safetensors file (https://github.com/huggingface/safetensors, "Format"): a little-endian u64 with
/// the length of a JSON object, the object, then the elements of all tensors without gaps.
struct SafetensorsHeader: Sendable {
    /// One tensor.
    struct Entry: Sendable {
        let elementType: ElementType
        let shape: [Int]
        /// Where the elements lie in the file.
        let range: Range<Int>
    }

    /// The bytes that hold the length of the header.
    static let lengthSize = 8
    /// The bound of the safetensors library.
    static let maxLength = 100_000_000
    /// No network has tensors of more axes.
    private static let maxRank = 16

    let entries: [String: Entry]
    let metadata: [String: String]

    /// - Parameter file: all of the file.
    /// - Throws: `CheckpointError.malformed` unless every tensor lies in the file and the tensors leave no hole.
    init(_ file: ByteView) throws {
        guard file.count >= Self.lengthSize else {
            throw CheckpointError.malformed(detail: "\(file.count) bytes are no safetensors header")
        }
        let length = file.littleEndian(UInt64.self, at: 0)
        guard length <= Self.maxLength else {
            throw CheckpointError.malformed(
                detail: "header length \(length) exceeds the bound of \(Self.maxLength) bytes")
        }
        let dataOffset = Self.lengthSize + Int(length)
        guard dataOffset <= file.count else {
            throw CheckpointError.malformed(
                detail: "header: offset \(Self.lengthSize) + \(length) bytes exceeds file size \(file.count)")
        }
        var scanner = JSONScanner(file.slice(0..<dataOffset), from: Self.lengthSize)
        var entries: [String: Entry] = [:]
        var metadata: [String: String] = [:]
        try scanner.object { scanner, name in
            if name == "__metadata__" {
                try scanner.object { scanner, key in metadata[key] = try scanner.string() }
            } else {
                entries[name] = try Self.entry(name, &scanner, dataOffset: dataOffset, fileSize: file.count)
            }
        }
        guard scanner.isAtEnd() else {
            throw scanner.malformed("the end of the header expected")
        }
        try Self.checkThatTensorsAreContiguous(entries, from: dataOffset, to: file.count)
        self.entries = entries
        self.metadata = metadata
    }

    private static func entry(
        _ name: String, _ scanner: inout JSONScanner, dataOffset: Int, fileSize: Int
    ) throws -> Entry {
        func malformed(_ detail: String) -> CheckpointError {
            .malformed(detail: "tensor \(name.quoted): \(detail)")
        }

        var typeName: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype": typeName = try scanner.string()
            case "shape": shape = try scanner.unsignedIntegers(limit: maxRank)
            case "data_offsets": offsets = try scanner.unsignedIntegers(limit: 2)
            default: throw malformed("unknown key \(key.quoted)")
            }
        }
        guard let typeName, let shape, let offsets, offsets.count == 2 else {
            throw malformed("dtype, shape or data_offsets is missing")
        }
        guard let type = ElementType(safetensorsName: typeName) else {
            throw malformed("unknown dtype \(typeName.quoted)")
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end else {
            throw malformed("data_offsets \(offsets) run backwards")
        }
        guard end <= fileSize - dataOffset else {
            // Before a sum of the file's own numbers could overflow.
            let start = dataOffset.addingReportingOverflow(begin).partialValue
            throw malformed(
                start >= 0
                    ? "offset \(start) + \(end - begin) bytes exceeds file size \(fileSize)"
                    : "data_offsets \(offsets) exceed file size \(fileSize)")
        }
        var size = CheckedInteger(of: shape)
        size.multiply(by: type.byteCount)
        guard size.value == end - begin else {
            throw malformed("\(typeName) elements of shape \(shape) do not take the \(end - begin) bytes given")
        }
        return Entry(elementType: type, shape: shape, range: dataOffset + begin..<dataOffset + end)
    }

    /// The format's own rule: "the byte buffer needs to be entirely indexed, and cannot contain holes".
    private static func checkThatTensorsAreContiguous(_ entries: [String: Entry], from start: Int, to end: Int) throws {
        let ordered = entries.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
        }
        var offset = start
        for (name, entry) in ordered {
            guard entry.range.lowerBound == offset else {
                throw CheckpointError.malformed(
                    detail: "tensor \(name.quoted): offset \(entry.range.lowerBound) leaves a hole or an overlap, "
                        + "\(offset) expected")
            }
            offset = entry.range.upperBound
        }
        guard offset == end else {
            throw CheckpointError.malformed(detail: "the tensors end at byte \(offset), the file at byte \(end)")
        }
    }
}

extension ElementType {
    /// The type of that name in a safetensors header.
    init?(safetensorsName name: String) {
        switch name {
        case "F32": self = .float32
        case "F16": self = .float16
        case "BF16": self = .bfloat16
        case "F64": self = .float64
        case "I64", "U64", "C64": self = .other(name: name, byteCount: 8)
        case "I32", "U32": self = .other(name: name, byteCount: 4)
        case "I16", "U16": self = .other(name: name, byteCount: 2)
        case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0": self = .other(name: name, byteCount: 1)
        default: return nil
        }
    }
}
