// SPDX-License-Identifier: Apache-2.0

/// Imports and calls: the opcodes through which a pickle gains control of a Python process. Here they look up a name
/// in a closed list and make a value.
extension PickleMachine {
    mutating func executeCall(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .global:
            let module = try takeLine()
            let name = try takeLine()
            try push(.global(resolve(module: module, name: name)))
        case .stackGlobal:
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw malformed("finds no two names on the stack")
            }
            try push(.global(resolve(module: module, name: name)))
        case .reduce:
            let operands = try pop(2)
            try push(call(operands[0], with: arguments(operands[1])))
        case .newobj:
            let operands = try pop(2)
            try push(makeInstance(of: operands[0], with: arguments(operands[1])))
        case .newobjEx:
            let operands = try pop(3)
            guard case .node(let keywords) = operands[2], nodes[keywords].elements.isEmpty else {
                throw refused("pass keyword arguments to a constructor")
            }
            try push(makeInstance(of: operands[0], with: arguments(operands[1])))
        case .build:
            let state = try pop()
            try build(state)
        case .binpersid:
            guard allowsPersistentIDs else {
                throw malformed("refers to something outside of the file")
            }
            let identifier = try pop()
            try push(makeNode(.persistentID, [identifier]))
        default:
            throw malformed("is out of place")
        }
    }

    /// The text up to the next line feed, which goes too.
    private mutating func takeLine() throws -> Range<Int> {
        let start = position
        while position < end, position - start <= limits.nameBytes {
            if source.bytes[position] == UInt8(ascii: "\n") {
                defer { position += 1 }
                return start..<position
            }
            position += 1
        }
        throw malformed("has a name that does not end within \(position - start) bytes")
    }

    private func resolve(module: Range<Int>, name: Range<Int>) throws -> PickleGlobal {
        guard module.count <= limits.nameBytes, name.count <= limits.nameBytes else {
            throw malformed("has a name of more than \(limits.nameBytes) bytes")
        }
        let moduleName = String(decoding: source.bytes[module], as: UTF8.self)
        let globalName = String(decoding: source.bytes[name], as: UTF8.self)
        if let known = PickleGlobal(module: moduleName, name: globalName) {
            return known
        }
        let fullName = "\(moduleName).\(globalName)"
        if let kind = PickleGlobal.unsupported[fullName] {
            throw CheckpointError.unsupported(detail: "looks like \(kind)")
        }
        throw refused("import \(fullName.quoted)")
    }

    private func arguments(_ value: PickleValue) throws -> [PickleValue] {
        guard case .node(let index) = value, nodes[index].kind == .tuple else {
            throw malformed("finds no tuple of arguments")
        }
        return nodes[index].elements
    }

    private mutating func call(_ callable: PickleValue, with arguments: [PickleValue]) throws -> PickleValue {
        guard case .global(let global) = callable else {
            throw refused("call a value that is no function")
        }
        switch global {
        case .encode:
            guard arguments.count == 2, case .string(let text) = arguments[0], case .string(let codec) = arguments[1],
                source.bytes[codec].elementsEqual("latin1".utf8) || source.bytes[codec].elementsEqual("latin-1".utf8)
            else {
                throw refused("encode anything but text as Latin-1")
            }
            return .latin1(text)
        case .bytes:
            guard arguments.isEmpty else {
                throw refused("convert a value to bytes")
            }
            return .bytes(position..<position)
        case .set, .frozenset:
            guard arguments.count <= 1 else {
                throw malformed("makes a set of \(arguments.count) arguments")
            }
            return try makeNode(.set, arguments.first.map(listElements) ?? [])
        case .dictionary:
            return try makeDictionary(arguments)
        case .numpyDType, .numpyArray, .numpyBuffer, .numpyScalar, .torchTensor, .torchParameter, .torchStorage,
            .persistentObject,
            .inert:
            return try makeNode(.object(global), arguments)
        case .numpyArrayType, .torchStorageType, .tensorFlowNetwork, .namespace:
            throw refused("call a type that is only a name here")
        }
    }

    /// NEWOBJ: `cls.__new__(cls, *arguments)`, which dictionaries use, and the few classes whose state follows with BUILD.
    private mutating func makeInstance(of type: PickleValue, with arguments: [PickleValue]) throws -> PickleValue {
        switch type {
        case .global(.dictionary):
            return try makeDictionary(arguments)
        case .global(let global) where [.tensorFlowNetwork, .namespace].contains(global) && arguments.isEmpty:
            return try makeNode(.object(global))
        default:
            throw refused("make an instance of a type that is no dictionary")
        }
    }

    /// A dictionary from nothing or, as Python 2 writes `OrderedDict`, from one list of pairs.
    private mutating func makeDictionary(_ arguments: [PickleValue]) throws -> PickleValue {
        guard let first = arguments.first else {
            return try makeNode(.dictionary)
        }
        let pairs = try listElements(first).map(listElements)
        guard arguments.count == 1, pairs.allSatisfy({ $0.count == 2 }) else {
            throw malformed("makes a dictionary of something that is no list of pairs")
        }
        return try makeNode(.dictionary, pairs.flatMap(\.self))
    }

    private func listElements(_ value: PickleValue) throws -> [PickleValue] {
        guard case .node(let index) = value, [.list, .tuple].contains(nodes[index].kind) else {
            throw malformed("finds no list among its arguments")
        }
        return nodes[index].elements
    }

    /// BUILD: records the state of a numpy dtype or array and of an instance. The attributes of a dictionary (`_metadata` of a PyTorch
    /// state dict) are dropped.
    private mutating func build(_ state: PickleValue) throws {
        guard case .node(let index) = try top() else {
            throw malformed("finds nothing that takes a state")
        }
        switch nodes[index].kind {
        case .object(.numpyDType), .object(.numpyArray), .object(.tensorFlowNetwork), .object(.namespace):
            nodes[index].state = state
        case .dictionary: break
        default: throw refused("set the state of a value")
        }
    }
}
