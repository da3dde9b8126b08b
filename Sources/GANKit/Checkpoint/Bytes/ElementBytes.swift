// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the bytes of a storage lie: in the file as they are or, in a pickle of protocol 2, as text in which each
/// character stands for one byte.
///
/// Text is decoded when bytes are asked for, since a decoded copy of everything would double the memory of a load.
enum ElementBytes: Sendable {
    case plain(ByteView)
    case text(Latin1Text)

    /// The bytes of a range, which the caller has checked to lie within.
    func read(_ range: Range<Int>) throws -> ByteView {
        switch self {
        case .plain(let view): view.slice(range)
        case .text(let text): try text.read(range)
        }
    }
}

/// Bytes written as UTF-8 text of code points below U+0100.
final class Latin1Text: Sendable {
    private let text: ByteView
    /// The number of bytes that the text stands for.
    let count: Int
    /// All of the bytes, once a small part of them was asked for: many small parts would else each be looked for from
    /// the beginning.
    private let decoded = Mutex<ByteView?>(nil)

    /// - Throws: `CheckpointError.malformed` when a character stands for no byte
    init(_ text: ByteView) throws {
        self.text = text
        count = try Latin1.count(text)
        text.dropPages()
    }

    /// The first bytes, at most `limit`.
    func prefix(_ limit: Int) throws -> ByteView {
        try Latin1.decode(text, skipping: 0, count: min(limit, count))
    }

    func read(_ range: Range<Int>) throws -> ByteView {
        if range.count >= count / 2 {
            defer { text.dropPages() }
            return try Latin1.decode(text, skipping: range.lowerBound, count: range.count)
        }
        return try decoded.withLock { known in
            let all = try known ?? Latin1.decode(text, skipping: 0, count: count)
            known = all
            return all.slice(range)
        }
    }
}
