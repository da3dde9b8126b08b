// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct ElementTypeTests {
    private func widen(_ type: ElementType, _ bytes: [UInt8]) -> [Float] {
        [Float](unsafeUninitializedCapacity: bytes.count / type.byteCount) { output, count in
            bytes.withUnsafeBytes { source in
                type.widen(
                    source, into: UnsafeMutableBufferPointer(rebasing: output[..<(bytes.count / type.byteCount)]))
            }
            count = bytes.count / type.byteCount
        }
    }

    @Test func everyHalfIsWidenedExactly() {
        var different = 0
        for bits in UInt16.min...UInt16.max {
            let expected = Float(Float16(bitPattern: bits))
            let actual = Float(halfBits: bits)
            if expected.isNaN ? !actual.isNaN : actual.bitPattern != expected.bitPattern {
                different += 1
            }
        }
        #expect(different == 0)
    }

    @Test func widensAtAnyAlignment() {
        // struct.pack("<e", 1.5), torch.tensor(1.5, dtype=torch.bfloat16), struct.pack("<d", 0.1)
        #expect(widen(.float16, [0x00, 0x3e, 0x00, 0xbe]) == [1.5, -1.5])
        #expect(widen(.bfloat16, [0xc0, 0x3f, 0xc0, 0xbf]) == [1.5, -1.5])
        #expect(widen(.float64, [0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f]) == [0.1])
        let shifted = ByteView(copying: [9, 0x00, 0x00, 0xc0, 0x3f]).slice(1..<5)
        var value: [Float] = [0]
        value.withUnsafeMutableBufferPointer { ElementType.float32.widen(shifted.bytes, into: $0) }
        #expect(value == [1.5])
    }
}
