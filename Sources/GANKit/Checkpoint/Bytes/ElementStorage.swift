// SPDX-License-Identifier: Apache-2.0

/// The memory behind one or more tensors. The elements stay in the file until a tensor is made of them.
struct ElementStorage: Sendable {
    let elementType: ElementType
    let elementCount: Int
    private let bytes: ElementBytes
    /// Where the elements begin in `bytes`.
    private let dataOffset: Int

    /// The caller has checked that `bytes` holds the elements.
    init(elementType: ElementType, elementCount: Int, bytes: ElementBytes, dataOffset: Int) {
        self.elementType = elementType
        self.elementCount = elementCount
        self.bytes = bytes
        self.dataOffset = dataOffset
    }

    /// The bytes of some elements. The caller has checked `range` against `elementCount`.
    func elements(_ range: Range<Int>) throws -> ByteView {
        let size = elementType.byteCount
        return try bytes.read(dataOffset + range.lowerBound * size..<dataOffset + range.upperBound * size)
    }
}
