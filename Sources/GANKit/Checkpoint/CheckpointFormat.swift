// SPDX-License-Identifier: Apache-2.0

/// The formats that this version reads, told apart by the first bytes.
enum CheckpointFormat: Sendable, Equatable {
    case safetensors
    /// A pickle of networks, NVIDIA's of PyTorch or of TensorFlow.
    case pickle
    /// `torch.save` since PyTorch 1.6.
    case torchZip
    /// `torch.save` before PyTorch 1.6.
    case torchLegacy
    /// The `.index` of a TensorFlow checkpoint.
    case tensorFlowIndex

    /// - Throws: `CheckpointError.unsupported` for formats that are known and not read, `.unknownFormat` for others.
    init(recognizing bytes: UnsafeRawBufferPointer) throws {
        // First of all safetensors, since the low bytes of its header length may look like any other format's mark.
        let isBeforeObject = bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
        if isBeforeObject, bytes.loadUnaligned(as: UInt64.self).littleEndian <= SafetensorsHeader.maxLength {
            self = .safetensors
            return
        }
        if SortedTable.isTable(bytes) {
            self = .tensorFlowIndex
            return
        }
        // PROTO, then a version: every pickle of protocol 2 or later.
        if bytes.count >= 2, bytes[0] == PickleOpcode.proto.rawValue, bytes[1] < 0x20 {
            self = bytes.starts(with: Self.legacyTorchSave) ? .torchLegacy : .pickle
            return
        }
        if bytes.starts(with: Self.zip) {
            self = .torchZip
            return
        }
        for (prefix, kind) in Self.unsupported where bytes.starts(with: prefix) {
            throw CheckpointError.unsupported(detail: "looks like \(kind), which is not supported")
        }
        for (prefix, kind) in Self.mistaken where bytes.starts(with: prefix.utf8) {
            throw CheckpointError.unknownFormat(detail: "looks like \(kind), not a checkpoint")
        }
        // A header length that cannot be: the reader says so.
        if isBeforeObject {
            self = .safetensors
            return
        }
        throw CheckpointError.unknownFormat(
            detail:
                "no checkpoint: neither safetensors nor a network pickle, a file of torch.save or a TensorFlow index")
    }

    /// PROTO 2, LONG1 of 10 bytes, the magic number.
    private static let legacyTorchSave: [UInt8] = [0x80, 0x02, 0x8a, 0x0a] + ElementStorage.magic

    private static let zip = Array("PK\u{3}\u{4}".utf8)

    private static let unsupported: [([UInt8], String)] = [
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
