// SPDX-License-Identifier: Apache-2.0

/// Reads `.npy` files of floating-point numbers (numpy.lib.format, versions 1 to 3).
enum NumPyFile {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// NumPy itself reads no longer ones without being asked to.
    private static let longestHeader = 10_000

    /// Whether a file begins as a `.npy` does.
    static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.starts(with: magic)
    }

    /// Reads the array, whose elements are given in C order.
    ///
    /// - Throws: `CheckpointError`
    static func read(_ file: ByteView) throws -> Tensor {
        let (text, dataStart) = try header(of: file)
        let header = try NumPyHeader(text)
        guard let count = CheckedInteger(of: header.shape).value else {
            throw CheckpointError.malformed(detail: "shape \(header.shape) is too large")
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: header.elementType.byteCount)
        guard !overflow, size == file.count - dataStart else {
            throw CheckpointError.malformed(
                detail:
                    "shape \(header.shape) of \(header.elementType.rawValue) elements, but \(file.count - dataStart) "
                    + "bytes after the header")
        }
        let storage = ElementStorage(
            elementType: header.elementType, elementCount: count, bytes: .plain(file), dataOffset: dataStart)
        let tensor =
            try header.isFortranOrder
            ? StridedTensor(fortran: storage, shape: header.shape)
            : StridedTensor(contiguous: storage, shape: header.shape)
        return try tensor.materialize()
    }

    /// The header's text, and where the elements begin: magic, two bytes of version, the header's length, the header.
    private static func header(of file: ByteView) throws -> (text: ByteView, dataStart: Int) {
        guard file.count >= 12, isOne(file.bytes) else {
            throw CheckpointError.malformed(detail: "\(file.count) bytes are too short for a .npy file")
        }
        let version = file.bytes[6]
        let start: Int
        let length: Int
        switch version {
        case 1:
            (start, length) = (10, Int(file.littleEndian(UInt16.self, at: 8)))
        case 2, 3:
            (start, length) = (12, Int(file.littleEndian(UInt32.self, at: 8)))
        default:
            throw CheckpointError.unsupported(detail: "version \(version) of the .npy format, only 1 to 3")
        }
        guard length <= min(longestHeader, file.count - start) else {
            throw CheckpointError.malformed(
                detail: "a header of \(length) bytes, but only \(min(longestHeader, file.count - start)) may follow")
        }
        return (file.slice(start..<start + length), start + length)
    }
}
