// SPDX-License-Identifier: Apache-2.0

import CPNG
import CZlib

/// Writes images as PNG through libpng and zlib. The same image and text give the same bytes, on however many threads,
/// with the same zlib.
public struct PNGEncoder: Sendable {
    /// The library that compresses, with its version: "zlib 1.2.13".
    public static let implementation = "zlib \(String(cString: zlibVersion()))"
    /// The largest width and height that libpng writes (PNG_USER_WIDTH_MAX).
    public static let largestSide = 1_000_000

    /// An encoder.
    public init() {}

    /// Encodes an image.
    ///
    /// - Parameters:
    ///   - text: `tEXt` chunks in the order of the file; keywords have 1 to 79 Latin-1 characters, texts Latin-1
    ///     characters (PNG specification, section 11.3.4.3)
    ///   - threads: how many threads compress a large image
    /// - Throws: `ImageEncodingError`
    public func encode(
        _ image: RGBImage, text: [(keyword: String, text: String)] = [], threads: Int = 1
    ) throws(ImageEncodingError) -> [UInt8] {
        var storage: [[CChar]] = []
        for entry in text {
            let (keyword, text) = try Self.latin1(entry)
            storage += [keyword, text].map { $0.map { CChar(bitPattern: $0) } + [0] }
        }
        let stream = try PNGRowCompressor(image: image).compress(loop: ParallelLoop(threads: max(1, threads)))
        var output = cpng_output()
        defer { free(output.bytes) }
        Self.withTexts(storage) { texts in
            cpng_write_rgb8(
                &output, UInt32(image.width), UInt32(image.height), stream, stream.count, texts.baseAddress,
                Int32(texts.count))
        }
        let message = String(zeroTerminated: output.message)
        guard message.isEmpty else {
            throw ImageEncodingError(format: "PNG", detail: message)
        }
        return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
    }

    /// The Latin-1 forms of what a `tEXt` chunk says.
    static func latin1(
        _ entry: (keyword: String, text: String)
    ) throws(ImageEncodingError) -> (keyword: [UInt8], text: [UInt8]) {
        (try latin1(entry.keyword, lengths: 1...79), try latin1(entry.text, lengths: 0...1_000_000))
    }

    private static func latin1(_ text: String, lengths: ClosedRange<Int>) throws(ImageEncodingError) -> [UInt8] {
        let bytes = text.unicodeScalars.compactMap { $0.value == 0 || $0.value > 255 ? nil : UInt8($0.value) }
        guard bytes.count == text.unicodeScalars.count, lengths.contains(bytes.count) else {
            throw ImageEncodingError(
                format: "PNG",
                detail: "text '\(text.prefix(80))' is not \(lengths.lowerBound) to \(lengths.upperBound) "
                    + "Latin-1 characters")
        }
        return bytes
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
