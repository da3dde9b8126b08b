// SPDX-License-Identifier: Apache-2.0

/// A value of a pickle. Text and bytes are ranges of the source, containers are indices of nodes in the
/// `PickleDocument`, so that a value is a few plain words: a container may hold itself without a leak, and no depth
/// of nesting makes its release recurse.
enum PickleValue: Sendable, Equatable {
    case none
    case bool(Bool)
    case int(Int)
    /// An integer beyond 64 bits: two's complement, least significant byte first.
    case bigInteger(Range<Int>)
    case double(Double)
    /// UTF-8, not yet validated.
    case string(Range<Int>)
    case bytes(Range<Int>)
    /// Bytes written as text, each byte a code point below U+0100 in UTF-8: how protocol 2 writes bytes.
    case latin1(Range<Int>)
    case global(PickleGlobal)
    case node(Int)
}

/// A container or a recorded call.
struct PickleNode: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case tuple, list, set
        /// `elements` alternates keys and values in the order of insertion; of equal keys the last one counts.
        case dictionary
        /// `elements` are the arguments of the call, `state` is what BUILD added.
        case object(PickleGlobal)
        /// `elements` is the one value that stands for something outside of the pickle.
        case persistentID
    }

    let kind: Kind
    var elements: [PickleValue] = []
    var state: PickleValue?
}
