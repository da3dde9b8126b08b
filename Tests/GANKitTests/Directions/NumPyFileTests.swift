// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct NumPyFileTests {
    struct File: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let shape: [Int]
        let elements: [Float]
    }

    /// A file as `numpy.lib.format.write_array` writes it, whose header it pads with blanks.
    static func file(
        _ header: String, _ data: String, version: UInt8 = 1, padding: Int = 3
    ) -> [UInt8] {
        let text = Array(header.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
        let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + [UInt8](hex: data)
    }

    static let files = [
        File(
            testDescription: "version 1, f4",
            bytes: file(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                "0000803f 00000040 00004040 000080c0 0000b040 0000803e"),
            shape: [2, 3], elements: [1, 2, 3, -4, 5.5, 0.25]),
        File(
            testDescription: "version 2, f8, Fortran order",
            bytes: file(
                "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
                """
                000000000000f03f 00000000000010c0 0000000000000040 0000000000001640 0000000000000840 000000000000d03f
                """, version: 2),
            shape: [2, 3], elements: [1, 2, 3, -4, 5.5, 0.25]),
        File(
            testDescription: "version 3, f2, one axis",
            bytes: file("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "0038 00c0", version: 3),
            shape: [2], elements: [0.5, -2]),
        File(
            testDescription: "no axis",
            bytes: file("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "00004040"),
            shape: [], elements: [3]),
        File(
            testDescription: "Python 2's integers, keys in another order, double quotes",
            bytes: file("{\"shape\": (1L, 1L), \"fortran_order\": True, \"descr\": \"<f4\"}", "00004040", padding: 0),
            shape: [1, 1], elements: [3]),
        File(
            testDescription: "no elements",
            bytes: file("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", ""),
            shape: [0, 4], elements: []),
    ]

    @Test(arguments: files)
    func elementsAreInCOrder(_ file: File) throws {
        let tensor = try NumPyFile.read(ByteView(copying: file.bytes))
        #expect(tensor.shape == file.shape)
        #expect(tensor.elements == file.elements)
    }

    @Test(arguments: files)
    func everyShorterFileIsAnError(_ file: File) {
        for count in 0..<file.bytes.count {
            #expect(throws: CheckpointError.self, "\(count) bytes") {
                try NumPyFile.read(ByteView(copying: Array(file.bytes[..<count])))
            }
        }
        #expect(throws: CheckpointError.self, "one byte more") {
            try NumPyFile.read(ByteView(copying: file.bytes + [0]))
        }
    }

    /// Whatever single byte is another, the reader ends with an array or an error.
    @Test func spoiltHeadersDoNotCrash() throws {
        let bytes = Self.files[1].bytes
        for index in bytes.indices.dropLast(48) {
            for value: UInt8 in [0, 1, 0x20, 0x28, 0x29, 0x2c, 0x39, 0x7f, 0xff] {
                var spoilt = bytes
                spoilt[index] = value
                let tensor = try? NumPyFile.read(ByteView(copying: spoilt))
                #expect(tensor.map { $0.count <= 6 } ?? true)
            }
        }
    }

    @Test(arguments: [
        ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian"),
        ("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", "integers"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "pickled objects"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records"),
        ("{'descr': '<f4', 'fortran_order': False, }", "no shape"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "an unknown key"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "a negative length"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", "nine axes"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0), }", "an overflow"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } {}", "something after"),
        ("'shape'", "no dictionary"),
    ])
    func otherHeadersAreRefused(header: String, reason: String) {
        #expect(throws: CheckpointError.self, "\(reason)") {
            try NumPyFile.read(ByteView(copying: Self.file(header, "00004040")))
        }
    }

    @Test func versionFourIsRefused() {
        let bytes = Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "00004040", version: 4)
        #expect(throws: CheckpointError.unsupported(detail: "version 4 of the .npy format, only 1 to 3")) {
            try NumPyFile.read(ByteView(copying: bytes))
        }
    }
}
