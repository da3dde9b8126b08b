// SPDX-License-Identifier: Apache-2.0

/// Interprets a pickle of protocol 2 to 5 (https://docs.python.org/3/library/pickletools) without running anything:
/// the outcome is plain data, imports resolve against the closed list of `PickleGlobal`, and a call is recorded, not
/// made.
///
/// Time and memory are bounded by the length of the source: each opcode costs a constant plus what it moves, lengths
/// are checked against what is left before anything is taken, and `PickleLimits` bounds the rest.
///
/// This file holds the loop and the primitives; `PickleMachine+Opcodes.swift` what each opcode does.
struct PickleMachine {
    let source: ByteView
    /// The offset in `source` at which the pickle must have ended.
    let end: Int
    let limits: PickleLimits
    /// Whether BINPERSID means something, as it does inside `torch.save`'s stream.
    let allowsPersistentIDs: Bool

    var position: Int
    var stack: [PickleValue] = []
    /// The heights of the stack at the open MARKs.
    var marks: [Int] = []
    var memo: [PickleValue?] = []
    var nodes: [PickleNode] = []
    private var allocatedBytes = 0
    /// The opcode that runs, for messages.
    private var current: (opcode: PickleOpcode, offset: Int) = (.proto, 0)

    private init(source: ByteView, range: Range<Int>, allowsPersistentIDs: Bool, limits: PickleLimits) {
        self.source = source
        self.limits = limits
        self.allowsPersistentIDs = allowsPersistentIDs
        position = range.lowerBound
        end = range.upperBound
    }

    /// Runs the pickle that starts with `range`, up to its STOP. What follows it is not looked at.
    ///
    /// - Parameters:
    ///   - source: what the values of the pickle refer to.
    ///   - range: where the pickle lies; nil for all of `source`.
    /// - Throws: `CheckpointError` that names the opcode and its byte offset in `source`.
    static func run(
        _ source: ByteView, in range: Range<Int>? = nil, allowsPersistentIDs: Bool = false, limits: PickleLimits? = nil
    ) throws -> PickleDocument {
        let range = range ?? 0..<source.count
        var machine = PickleMachine(
            source: source, range: range, allowsPersistentIDs: allowsPersistentIDs,
            limits: limits ?? PickleLimits(sourceByteCount: range.count))
        let root = try machine.run()
        return PickleDocument(source: source, nodes: machine.nodes, root: root, endOffset: machine.position)
    }

    private mutating func run() throws -> PickleValue {
        while true {
            let offset = position
            guard offset < end else {
                throw CheckpointError.malformed(detail: "the pickle ends at byte \(offset) without STOP")
            }
            let byte = source.bytes[offset]
            guard let opcode = PickleOpcode(rawValue: byte) else {
                let code = String(byte, radix: 16)
                throw CheckpointError.malformed(detail: "unsupported pickle opcode 0x\(code) at byte \(offset)")
            }
            position += 1
            current = (opcode, offset)
            if opcode == .stop {
                let value = try pop()
                guard stack.isEmpty, marks.isEmpty else {
                    throw malformed("leaves \(stack.count) values on the stack")
                }
                return value
            }
            try execute(opcode)
        }
    }

    // MARK: Errors

    /// An error that names the opcode and where it is.
    func malformed(_ detail: String) -> CheckpointError {
        .malformed(detail: "\(current.opcode.name) at byte \(current.offset) \(detail)")
    }

    /// Likewise, for what is well formed and yet not allowed.
    func refused(_ detail: String) -> CheckpointError {
        .refused(detail: "refused to \(detail) at byte \(current.offset)")
    }

    // MARK: Source

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws -> Range<Int> {
        let left = end - position
        guard count >= 0, count <= left else {
            throw malformed("needs \(count) bytes, \(left) are left")
        }
        let range = position..<position + count
        position += count
        return range
    }

    /// The next little-endian integer, as an `Int`.
    mutating func takeInteger<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws -> Int {
        let range = try take(MemoryLayout<Number>.size)
        let number = source.littleEndian(type, at: range.lowerBound)
        guard let value = Int(exactly: number) else {
            throw malformed("needs \(number) bytes, \(end - position) are left")
        }
        return value
    }

    // MARK: Stack

    /// The height below which the innermost MARK forbids to pop.
    private var floor: Int { marks.last ?? 0 }

    mutating func push(_ value: PickleValue) throws {
        guard stack.count < limits.stackCount else {
            throw malformed("exceeds the bound of \(limits.stackCount) values on the stack")
        }
        stack.append(value)
    }

    mutating func pop() throws -> PickleValue {
        guard stack.count > floor else {
            throw malformed("finds the stack empty")
        }
        return stack.removeLast()
    }

    func top() throws -> PickleValue {
        guard stack.count > floor, let value = stack.last else {
            throw malformed("finds the stack empty")
        }
        return value
    }

    /// The topmost `count` values in the order in which they were pushed.
    mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count - floor >= count else {
            throw malformed("needs \(count) values on the stack, \(stack.count - floor) are there")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    mutating func pushMark() throws {
        guard marks.count < limits.markCount else {
            throw malformed("exceeds the bound of \(limits.markCount) nested marks")
        }
        marks.append(stack.count)
    }

    /// All values above the innermost mark, which goes too.
    mutating func popToMark() throws -> [PickleValue] {
        guard let height = marks.popLast() else {
            throw malformed("finds no mark")
        }
        defer { stack.removeLast(stack.count - height) }
        return Array(stack[height...])
    }

    // MARK: Memo

    mutating func memoize(at index: Int) throws {
        let value = try top()
        // Python numbers the memo from 0 without gaps; an index beyond the bytes read so far can only be hostile.
        guard index < limits.memoCount, index <= position else {
            throw malformed("has memo index \(index), the bound is \(min(limits.memoCount - 1, position))")
        }
        while memo.count <= index {
            memo.append(nil)
        }
        memo[index] = value
    }

    mutating func pushMemo(at index: Int) throws {
        guard memo.indices.contains(index), let value = memo[index] else {
            throw malformed("finds nothing at memo index \(index)")
        }
        try push(value)
    }

    // MARK: Nodes

    /// Makes a container.
    mutating func makeNode(_ kind: PickleNode.Kind, _ elements: [PickleValue] = []) throws -> PickleValue {
        try charge(MemoryLayout<PickleNode>.stride + elements.count * MemoryLayout<PickleValue>.stride)
        nodes.append(PickleNode(kind: kind, elements: elements))
        return .node(nodes.count - 1)
    }

    /// Adds elements to a container, which `push`ed values and the memo may share.
    mutating func append(_ elements: [PickleValue], to index: Int) throws {
        try charge(elements.count * MemoryLayout<PickleValue>.stride)
        nodes[index].elements += elements
    }

    private mutating func charge(_ byteCount: Int) throws {
        allocatedBytes += byteCount
        guard allocatedBytes <= limits.allocatedBytes else {
            throw malformed("exceeds the bound of \(limits.allocatedBytes) bytes for containers")
        }
    }
}
