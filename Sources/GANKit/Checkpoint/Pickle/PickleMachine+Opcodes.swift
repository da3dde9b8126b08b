// SPDX-License-Identifier: Apache-2.0

extension PickleMachine {
    mutating func execute(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .stop:
            break  // the loop's own
        case .proto:
            let version = try takeInteger(UInt8.self)
            guard (2...5).contains(version) else {
                throw CheckpointError.unsupported(detail: "pickle protocol \(version); 2 to 5 are supported")
            }
        case .frame:
            // Frames only help readers of streams. The opcodes inside check their own lengths.
            let count = try takeInteger(UInt64.self)
            guard count <= end - position else {
                throw malformed("announces \(count) bytes, \(end - position) are left")
            }
        case .mark:
            try pushMark()
        case .pop:
            // Python: a POP right after a MARK takes the mark.
            if let height = marks.last, height == stack.count {
                marks.removeLast()
            } else {
                _ = try pop()
            }
        case .popMark:
            _ = try popToMark()
        case .dup:
            try push(top())
        case .binput:
            try memoize(at: takeInteger(UInt8.self))
        case .longBinput:
            try memoize(at: takeInteger(UInt32.self))
        case .memoize:
            try memoize(at: memo.count)
        case .binget:
            try pushMemo(at: takeInteger(UInt8.self))
        case .longBinget:
            try pushMemo(at: takeInteger(UInt32.self))
        case .global, .stackGlobal, .reduce, .newobj, .newobjEx, .build, .binpersid:
            try executeCall(opcode)
        case .emptyTuple, .emptyList, .emptyDict, .emptySet, .tuple, .tuple1, .tuple2, .tuple3, .frozenset, .append,
            .appends, .setitem, .setitems, .additems:
            try executeContainer(opcode)
        default:
            try push(literal(opcode))
        }
    }

    private mutating func literal(_ opcode: PickleOpcode) throws -> PickleValue {
        switch opcode {
        case .none: .none
        case .newtrue: .bool(true)
        case .newfalse: .bool(false)
        case .binint: .int(try takeInteger(Int32.self))
        case .binint1: .int(try takeInteger(UInt8.self))
        case .binint2: .int(try takeInteger(UInt16.self))
        case .long1: try integer(byteCount: takeInteger(UInt8.self))
        case .long4: try integer(byteCount: takeInteger(Int32.self))
        case .binfloat: .double(try takeBigEndianDouble())
        case .shortBinunicode: .string(try take(takeInteger(UInt8.self)))
        case .binunicode: .string(try take(takeInteger(UInt32.self)))
        case .binunicode8: .string(try take(takeInteger(UInt64.self)))
        // The str of Python 2: text for our purposes.
        case .shortBinstring: .string(try take(takeInteger(UInt8.self)))
        case .binstring: .string(try take(takeInteger(Int32.self)))
        case .shortBinbytes: .bytes(try take(takeInteger(UInt8.self)))
        case .binbytes: .bytes(try take(takeInteger(UInt32.self)))
        case .binbytes8, .bytearray8: .bytes(try take(takeInteger(UInt64.self)))
        default: throw malformed("is out of place")
        }
    }

    /// A two's complement integer, least significant byte first.
    private mutating func integer(byteCount: Int) throws -> PickleValue {
        let range = try take(byteCount)
        guard byteCount <= 8 else {
            return .bigInteger(range)
        }
        guard let last = range.last else {
            return .int(0)
        }
        let sign = Int(Int8(bitPattern: source.bytes[last]) >> 7)
        return .int(range.reversed().reduce(sign) { $0 << 8 | Int(source.bytes[$1]) })
    }

    private mutating func takeBigEndianDouble() throws -> Double {
        let range = try take(8)
        return Double(bitPattern: source.littleEndian(UInt64.self, at: range.lowerBound).byteSwapped)
    }

    // MARK: Containers

    private mutating func executeContainer(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .emptyTuple: try push(makeNode(.tuple))
        case .emptyList: try push(makeNode(.list))
        case .emptyDict: try push(makeNode(.dictionary))
        case .emptySet: try push(makeNode(.set))
        case .tuple: try push(makeNode(.tuple, popToMark()))
        case .tuple1: try push(makeNode(.tuple, pop(1)))
        case .tuple2: try push(makeNode(.tuple, pop(2)))
        case .tuple3: try push(makeNode(.tuple, pop(3)))
        case .frozenset: try push(makeNode(.set, popToMark()))
        case .append: try extend(.list, with: pop(1))
        case .appends: try extend(.list, with: popToMark())
        case .additems: try extend(.set, with: popToMark())
        case .setitem: try extend(.dictionary, with: pop(2))
        case .setitems:
            let elements = try popToMark()
            guard elements.count.isMultiple(of: 2) else {
                throw malformed("finds a key without a value")
            }
            try extend(.dictionary, with: elements)
        default: throw malformed("is out of place")
        }
    }

    /// Adds to the container on top of the stack, which stays there.
    private mutating func extend(_ kind: PickleNode.Kind, with elements: [PickleValue]) throws {
        guard case .node(let index) = try top(), nodes[index].kind == kind else {
            throw malformed("finds no \(kind) below its arguments")
        }
        try append(elements, to: index)
    }
}
