// SPDX-License-Identifier: Apache-2.0

/// How the elements of a tensor lie in a file, always in little-endian order. Raw values are the names in safetensors.
enum ElementType: String, Sendable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float64 = "F64"
    // The others have a name and a size, but no network here computes with them.
    case float8e4m3 = "F8_E4M3"
    case float8e5m2 = "F8_E5M2"
    case float8e8m0 = "F8_E8M0"
    case complex64 = "C64"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"

    /// The size of one element.
    var byteCount: Int {
        switch self {
        case .float64, .complex64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float8e4m3, .float8e5m2, .float8e8m0, .int8, .uint8, .bool: 1
        }
    }

    /// Whether `Tensor` can hold such elements.
    var isReadable: Bool {
        switch self {
        case .float32, .float16, .bfloat16, .float64: true
        default: false
        }
    }
}

extension ElementType {
    /// Converts elements at any alignment to Float32: F16 and BF16 exactly, F64 rounded to nearest.
    ///
    /// - Parameters:
    ///   - source: exactly `output.count` elements of this type, which must be a readable one.
    ///   - output: memory to initialise.
    func widen(_ source: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(isReadable && source.count == output.count * byteCount, "\(source.count) bytes of \(rawValue)")
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
        default:
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
