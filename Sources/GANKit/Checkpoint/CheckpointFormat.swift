// SPDX-License-Identifier: Apache-2.0

/// The formats that this version reads, told apart by the first bytes.
enum CheckpointFormat: Sendable, Equatable {
    case safetensors
    case pickle

    /// - Throws: `CheckpointError.unsupported` for formats that are known and not read, `.unknownFormat` for others.
    init(recognizing bytes: UnsafeRawBufferPointer) throws {
        // PROTO, then a version: every pickle of protocol 2 or later.
        if bytes.count >= 2, bytes[0] == PickleOpcode.proto.rawValue, bytes[1] < 0x20 {
            guard !bytes.starts(with: Self.legacyTorchSave) else {
                throw CheckpointError.unsupported(
                    detail: "looks like a torch.save file of PyTorch before 1.6, which is not supported yet")
            }
            self = .pickle
            return
        }
        for (prefix, kind) in Self.unsupported where bytes.starts(with: prefix) {
            throw CheckpointError.unsupported(detail: "looks like \(kind), which is not supported yet")
        }
        for (prefix, kind) in Self.mistaken where bytes.starts(with: prefix.utf8) {
            throw CheckpointError.unknownFormat(detail: "looks like \(kind), not a checkpoint")
        }
        // The length of the header, whose plausibility the reader checks, then the header: a JSON object.
        if bytes.count > SafetensorsHeader.lengthSize, bytes[SafetensorsHeader.lengthSize] == UInt8(ascii: "{") {
            self = .safetensors
            return
        }
        throw CheckpointError.unknownFormat(detail: "neither a safetensors file nor a network pickle")
    }

    /// PROTO 2, LONG1 of 10 bytes, the magic number.
    private static let legacyTorchSave: [UInt8] = [0x80, 0x02, 0x8a, 0x0a] + TorchStorage.magic

    private static let unsupported: [([UInt8], String)] = [
        (Array("PK\u{3}\u{4}".utf8), "a zip archive (torch.save of PyTorch 1.6 or later)"),
        ([0x89] + Array("HDF\r\n".utf8), "an HDF5 file"),
        ([0x1f, 0x8b], "a gzip archive"),
        ([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive"),
        (Array("GGUF".utf8), "a GGUF file"),
    ]

    /// What a failed download leaves behind.
    private static let mistaken: [(String, String)] = [
        ("version https://git-lfs", "a Git LFS pointer"),
        ("<!DOCTYPE", "a web page"),
        ("<!doctype", "a web page"),
        ("<html", "a web page"),
        ("<?xml", "an XML document"),
        ("{", "a JSON document"),
    ]
}
