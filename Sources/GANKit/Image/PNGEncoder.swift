// SPDX-License-Identifier: Apache-2.0

import CPNG
import CZlib

/// Writes images as PNG through libpng and zlib. The same image and text give the same bytes, on however many threads,
/// with the same zlib.
public struct PNGEncoder: Sendable {
    /// The library that compresses, with its version: "zlib 1.2.13".
    public static let implementation = "zlib \(String(cString: zlibVersion()))"

    /// An encoder.
    public init() {}

    /// Encodes an image.
    ///
    /// - Parameters:
    ///   - text: `tEXt` chunks in the order of the file; keywords have 1 to 79 Latin-1 characters, texts Latin-1
    ///     characters (PNG specification, section 11.3.4.3)
    ///   - threads: how many threads compress a large image
    /// - Throws: `PNGEncodingError`
    public func encode(
        _ image: RGBImage, text: [(keyword: String, text: String)] = [], threads: Int = 1
    ) throws -> [UInt8] {
        var storage: [[CChar]] = []
        for entry in text {
            storage.append(try Self.latin1(entry.keyword, lengths: 1...79))
            storage.append(try Self.latin1(entry.text, lengths: 0...1_000_000))
        }
        let stream = try PNGRowCompressor(image: image).compress(loop: ParallelLoop(threads: max(1, threads)))
        var output = cpng_output()
        defer { free(output.bytes) }
        Self.withTexts(storage) { texts in
            cpng_write_rgb8(
                &output, UInt32(image.width), UInt32(image.height), stream, stream.count, texts.baseAddress,
                Int32(texts.count))
        }
        let message = withUnsafeBytes(of: &output.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard message.isEmpty else {
            throw PNGEncodingError(detail: message)
        }
        return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
    }

    /// The zero-terminated Latin-1 form of a text.
    private static func latin1(_ text: String, lengths: ClosedRange<Int>) throws -> [CChar] {
        let bytes = text.unicodeScalars.compactMap { $0.value == 0 || $0.value > 255 ? nil : UInt8($0.value) }
        guard bytes.count == text.unicodeScalars.count, lengths.contains(bytes.count) else {
            throw PNGEncodingError(
                detail: "text '\(text.prefix(80))' is not \(lengths.lowerBound) to \(lengths.upperBound) "
                    + "Latin-1 characters")
        }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }

    /// Calls `body` with libpng's form of keywords and texts, which alternate in `storage`.
    private static func withTexts(_ storage: [[CChar]], _ body: (UnsafeMutableBufferPointer<png_text>) -> Void) {
        var offsets: [Int] = []
        var characters: [CChar] = []
        for text in storage {
            offsets.append(characters.count)
            characters += text
        }
        characters.withUnsafeMutableBufferPointer { characters in
            guard let base = characters.baseAddress else {
                body(UnsafeMutableBufferPointer(start: nil, count: 0))
                return
            }
            var texts = stride(from: 0, to: storage.count, by: 2).map { index in
                var text = png_text()
                text.compression = PNG_TEXT_COMPRESSION_NONE
                text.key = base + offsets[index]
                text.text = base + offsets[index + 1]
                text.text_length = storage[index + 1].count - 1
                return text
            }
            texts.withUnsafeMutableBufferPointer { body($0) }
        }
    }
}
