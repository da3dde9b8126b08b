// SPDX-License-Identifier: Apache-2.0

/// How the elements of a tensor lie in a file, always in little-endian order.
enum ElementType: Sendable, Equatable {
    case float32, float16, bfloat16, float64
    /// Integers, booleans and the like: they have a name and a size, but no network here computes with them.
    case other(name: String, byteCount: Int)

    /// The name as safetensors spells it.
    var name: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float64: "F64"
        case .other(let name, _): name
        }
    }

    /// The size of one element.
    var byteCount: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .float64: 8
        case .other(_, let byteCount): byteCount
        }
    }

    /// Whether `Tensor` can hold such elements.
    var isFloatingPoint: Bool {
        if case .other = self { false } else { true }
    }
}

extension ElementType {
    /// Converts elements at any alignment to Float32: F16 and BF16 exactly, F64 rounded to nearest.
    ///
    /// - Parameters:
    ///   - source: exactly `output.count` elements of this type, which must be a floating-point one.
    ///   - output: memory to initialise.
    func widen(_ source: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(isFloatingPoint && source.count == output.count * byteCount, "\(source.count) bytes of \(name)")
        switch self {
        case .float32:
            #if _endian(little)
            UnsafeMutableRawBufferPointer(output).copyMemory(from: source)
            #else
            for index in output.indices {
                output[index] = Float(bitPattern: Self.load(UInt32.self, source, index))
            }
            #endif
        case .float16:
            for index in output.indices {
                output[index] = Float(halfBits: Self.load(UInt16.self, source, index))
            }
        case .bfloat16:
            for index in output.indices {
                output[index] = Float(bitPattern: UInt32(Self.load(UInt16.self, source, index)) << 16)
            }
        case .float64:
            for index in output.indices {
                output[index] = Float(Double(bitPattern: Self.load(UInt64.self, source, index)))
            }
        case .other:
            break
        }
    }

    @inline(__always)
    private static func load<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ type: Bits.Type, _ source: UnsafeRawBufferPointer, _ index: Int
    ) -> Bits {
        Bits(littleEndian: source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: type))
    }
}

extension Float {
    /// The value of an IEEE 754 binary16, exactly.
    ///
    /// The exponent is moved by a multiplication, which also normalises subnormals. `Float16` would do, but without
    /// the F16C instructions each of its conversions is a library call.
    @inline(__always)
    init(halfBits: UInt16) {
        let sign = UInt32(halfBits & 0x8000) << 16
        let rest = UInt32(halfBits & 0x7fff) << 13
        let isFinite = halfBits & 0x7c00 != 0x7c00
        let magnitude = isFinite ? (Float(bitPattern: rest) * 0x1p112).bitPattern : rest | 0x7f80_0000
        self.init(bitPattern: sign | magnitude)
    }
}
