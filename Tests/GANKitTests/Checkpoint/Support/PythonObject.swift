// SPDX-License-Identifier: Apache-2.0

/// A Python value to pickle, so that tests can make any checkpoint, valid or not.
indirect enum PythonObject: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case tuple([PythonObject])
    case list([PythonObject])
    case dict([(String, PythonObject)])
    case global(String, String)
    /// `callable(*arguments)`
    case reduce(PythonObject, [PythonObject])
    case persistentID(PythonObject)
    /// Opcodes as they are.
    case raw([UInt8])

    /// What `pickle.dumps(self, protocol=3)` gives, save for the memo.
    func pickled(protocol version: UInt8 = 3) -> [UInt8] {
        var bytes: [UInt8] = [0x80, version]
        write(to: &bytes)
        return bytes + [0x2e]
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .none: output.append(0x4e)
        case .bool(let value): output.append(value ? 0x88 : 0x89)
        case .int(let value):
            // LONG1, whatever the size.
            output += [0x8a, 8] + [UInt8](littleEndian: value)
        case .double(let value):
            output.append(0x47)
            output += [UInt8](littleEndian: value.bitPattern).reversed()
        case .string(let text): output += [0x58] + [UInt8](littleEndian: UInt32(text.utf8.count)) + Array(text.utf8)
        case .bytes(let bytes): output += [0x42] + [UInt8](littleEndian: UInt32(bytes.count)) + bytes
        case .tuple(let elements):
            output.append(0x28)
            elements.forEach { $0.write(to: &output) }
            output.append(0x74)
        case .list(let elements):
            output += [0x5d, 0x28]
            elements.forEach { $0.write(to: &output) }
            output.append(0x65)
        case .dict(let entries):
            output += [0x7d, 0x28]
            for (key, value) in entries {
                PythonObject.string(key).write(to: &output)
                value.write(to: &output)
            }
            output.append(0x75)
        case .global(let module, let name): output += [0x63] + Array("\(module)\n\(name)\n".utf8)
        case .reduce(let callable, let arguments):
            callable.write(to: &output)
            PythonObject.tuple(arguments).write(to: &output)
            output.append(0x52)
        case .persistentID(let value):
            value.write(to: &output)
            output.append(0x51)
        case .raw(let bytes): output += bytes
        }
    }
}
