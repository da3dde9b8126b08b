// SPDX-License-Identifier: Apache-2.0

/// A stretch of immutable bytes and the object that keeps them alive: a mapped file, or memory of its own.
///
/// `@unchecked Sendable` because the bytes never change and `owner` is only held, never used.
struct ByteView: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    let owner: AnyObject

    var count: Int { bytes.count }

    /// The whole of a mapped file.
    init(_ file: MappedFile) {
        bytes = file.bytes
        owner = file
    }

    /// A copy of `elements`.
    init(copying elements: [UInt8]) {
        self.init(capacity: elements.count) { buffer in
            buffer.copyBytes(from: elements)
            return elements.count
        }
    }

    /// Memory of its own, of which `body` sets the first bytes and returns how many.
    init(capacity: Int, initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        let memory = HeapBytes(capacity: capacity)
        let count = try body(memory.buffer)
        bytes = UnsafeRawBufferPointer(rebasing: memory.buffer[0..<count])
        owner = memory
    }

    private init(bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        self.bytes = bytes
        self.owner = owner
    }

    /// The bytes of `range`, which the caller has checked to lie within this view.
    func slice(_ range: Range<Int>) -> ByteView {
        ByteView(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]), owner: owner)
    }

    /// Tells the system that the bytes, read once, will not be needed soon: the pages of a mapped file then no longer
    /// count as this process's memory. Reading them again is allowed and only takes longer.
    func dropPages() {
        (owner as? MappedFile)?.dropPages(of: bytes)
    }

    /// A little-endian integer at any alignment; the caller has checked that it lies within this view.
    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
        withExtendedLifetime(owner) {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
    }
}

/// Memory that lives as long as this object.
private final class HeapBytes {
    let buffer: UnsafeMutableRawBufferPointer

    init(capacity: Int) {
        buffer = .allocate(byteCount: capacity, alignment: LargeMemory.alignment)
    }

    deinit {
        buffer.deallocate()
    }
}
