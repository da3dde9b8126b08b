// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes `.safetensors` files: F32, tensors and metadata sorted by name, so that the same content always makes the
/// same bytes. Tensors are read one at a time, so memory holds one of them.
public enum SafetensorsWriter {
    /// Copies all tensors of a checkpoint.
    ///
    /// The file is written beside `path` and renamed when complete: whatever fails, no half of a file is left there.
    ///
    /// - Throws: `CheckpointError`, from `reader` as well.
    public static func write(_ reader: any CheckpointReader, toPath path: String) throws {
        let names = reader.tensorNames
        let shapes = try names.map { name in
            guard let shape = reader.shape(of: name) else {
                throw CheckpointError.missingTensor(name: name)
            }
            return shape
        }
        try write(names: names, shapes: shapes, metadata: reader.metadata, toPath: path, tensor: reader.tensor)
    }

    /// Writes the given tensors.
    ///
    /// - Throws: `CheckpointError.io`.
    public static func write(
        _ tensors: [String: Tensor], metadata: CheckpointMetadata = CheckpointMetadata(), toPath path: String
    ) throws {
        let sorted = tensors.sorted { $0.key < $1.key }
        try write(names: sorted.map(\.key), shapes: sorted.map(\.value.shape), metadata: metadata, toPath: path) {
            name in
            guard let tensor = tensors[name] else {
                throw CheckpointError.missingTensor(name: name)
            }
            return tensor
        }
    }

    private static func write(
        names: [String], shapes: [[Int]], metadata: CheckpointMetadata, toPath path: String,
        tensor: (String) throws -> Tensor
    ) throws {
        let temporaryPath = "\(path).\(getpid()).tmp"
        guard let file = fopen(temporaryPath, "wb") else {
            throw CheckpointError.io(operation: "cannot create the file", errno: errno)
        }
        var isOpen = true
        defer {
            if isOpen { fclose(file) }
            unlink(temporaryPath)  // in vain after the rename
        }

        func put(_ bytes: UnsafeRawBufferPointer) throws {
            guard fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count else {
                throw CheckpointError.io(operation: "cannot write", errno: errno)
            }
        }

        let header = header(names: names, shapes: shapes, metadata: metadata)
        try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try put($0) }
        try header.withUnsafeBytes { try put($0) }
        for (name, shape) in zip(names, shapes) {
            let tensor = try tensor(name)
            guard tensor.shape == shape else {
                throw CheckpointError.unexpectedShape(name: name, expected: shape, actual: tensor.shape)
            }
            try tensor.withUnsafeBufferPointer { try put(UnsafeRawBufferPointer($0)) }
        }
        isOpen = false
        guard fclose(file) == 0, rename(temporaryPath, path) == 0 else {
            throw CheckpointError.io(operation: "cannot write", errno: errno)
        }
    }

    /// The JSON header, padded with spaces so that the elements begin at a multiple of 8 bytes.
    private static func header(names: [String], shapes: [[Int]], metadata: CheckpointMetadata) -> [UInt8] {
        let strings = SafetensorsMetadata.encode(metadata).sorted { $0.key < $1.key }
            .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
        var members = ["\"__metadata__\":{\(strings.joined(separator: ","))}"]
        var offset = 0
        for (name, shape) in zip(names, shapes) {
            let end = offset + shape.reduce(1, *) * MemoryLayout<Float>.size
            let lengths = shape.map(String.init).joined(separator: ",")
            members.append(
                "\(jsonString(name)):{\"dtype\":\"F32\",\"shape\":[\(lengths)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var bytes = Array("{\(members.joined(separator: ","))}".utf8)
        while !bytes.count.isMultiple(of: 8) {
            bytes.append(UInt8(ascii: " "))
        }
        return bytes
    }

    /// RFC 8259 section 7.
    private static func jsonString(_ text: String) -> String {
        var string = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": string += "\\\""
            case "\\": string += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                string += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: string.unicodeScalars.append(scalar)
            }
        }
        return string + "\""
    }
}
