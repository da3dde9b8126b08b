// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// What holds of the readers of `torch.save` for any bytes, be they taken for a zip archive or for the form before it.
enum TorchSaveProperty {
    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let file = ByteView(copying: Array(bytes))
        return CheckpointProperty.attempt { violation(in: try ZipArchive(file)) }
            ?? CheckpointProperty.violation(byteCount: bytes.count) { try TorchStateDictReader.read(zip: file) }
            ?? CheckpointProperty.violation(byteCount: bytes.count) { try TorchStateDictReader.read(legacy: file) }
    }

    private static func violation(in archive: ZipArchive) -> String? {
        let ranges = archive.members.values.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        guard ranges.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= archive.file.count }) else {
            return "a member lies beyond the archive"
        }
        guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
            return "two members share a byte"
        }
        return nil
    }
}
