// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// The form of a file in the disk cache: the PNG as it is, so that any viewer shows it, and a trailer of 40 bytes.
///
/// The trailer is the SHA-256 of the PNG and the entry's key, and a mark. A file that was cut, changed, or moved to another
/// key's place does not have the right one.
enum DiskCacheEntry {
    private static let mark = Array("FACEv1\r\n".utf8)
    static let trailerBytes = SHA256.byteCount + mark.count

    /// The file's content.
    static func encode(_ png: [UInt8], key: FaceKey) -> [UInt8] {
        var file = png
        file.reserveCapacity(png.count + trailerBytes)
        file += checksum(png, key)
        file += mark
        return file
    }

    /// Turns a file's content into the PNG, in place; returns false when it is not that of the key's entry.
    static func decode(_ file: inout [UInt8], key: FaceKey) -> Bool {
        guard file.count >= trailerBytes, file.suffix(mark.count).elementsEqual(mark) else { return false }
        let expected = Array(file.suffix(trailerBytes).prefix(SHA256.byteCount))
        file.removeLast(trailerBytes)
        return checksum(file, key) == expected
    }

    private static func checksum(_ png: [UInt8], _ key: FaceKey) -> [UInt8] {
        var hash = SHA256()
        png.withUnsafeBytes { hash.update(bufferPointer: $0) }
        hash.update(data: Data(key.digest.utf8))
        return Array(hash.finalize())
    }
}
