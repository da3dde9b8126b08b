// SPDX-License-Identifier: Apache-2.0

/// A safetensors file from its parts.
enum SafetensorsFile {
    static func bytes(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
        [UInt8](littleEndian: length ?? UInt64(header.utf8.count)) + Array(header.utf8) + data
    }
}
