// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// What holds of the reader of safetensors for any bytes.
enum SafetensorsProperty {
    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let file = ByteView(copying: Array(bytes))
        let violation = CheckpointProperty.attempt {
            let metadata = try SafetensorsReader(file).metadata
            // What is read can be written and is then read as the same.
            guard try SafetensorsMetadata.decode(SafetensorsMetadata.encode(metadata)) == metadata else {
                return "metadata that is written out is read as another"
            }
            return nil
        }
        return violation
            ?? CheckpointProperty.violation(byteCount: bytes.count) { try SafetensorsReader(file) }
    }
}
