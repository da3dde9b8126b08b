// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct PickleMachineHostileTests {
    private func run(_ bytes: [UInt8]) throws -> PickleDocument {
        try PickleMachine.run(ByteView(copying: bytes))
    }

    private func message(_ bytes: [UInt8]) -> String {
        do {
            return "no error: \(try run(bytes).root)"
        } catch {
            return "\(error)"
        }
    }

    /// Reason, pickle, message.
    static let refused: [(String, String, String)] = [
        // class O: __reduce__ = lambda self: (os.system, ("id",)); pickle.dumps(O(), protocol=2 and 4)
        (
            "GLOBAL of a function", "800263706f7369780a73797374656d0a71005802000000696471018571025271032e",
            "refused to import 'posix.system' at byte 2"
        ),
        (
            "STACK_GLOBAL of a function",
            "8004951d000000000000008c05706f736978948c0673797374656d9493948c02696494859452942e",
            "refused to import 'posix.system' at byte 28"
        ),
        ("name with control characters", "8002 63 6f730a 1b5b326a0a 2e", "refused to import 'os.\\u{1b}[2j' at byte 2"),
        ("call of a tuple", "8002 29 29 52 2e", "refused to call a value that is no function at byte 4"),
        (
            "arguments that are no tuple", "8002 63 6275696c74696e730a 7365740a 4e 52 2e",
            "REDUCE at byte 17 finds no tuple of arguments"
        ),
        (
            "call of a type", "8002 63 746f7263680a 466c6f617453746f726167650a 29 52 2e",
            "refused to call a type that is only a name here at byte 23"
        ),
        (
            "instance of a function", "8002 63 5f636f646563730a 656e636f64650a 29 81 2e",
            "refused to make an instance of a type that is no dictionary at byte 19"
        ),
        (
            "another codec", "8002 63 5f636f646563730a 656e636f64650a 5501 61 5503 7a6970 86 52 2e",
            "refused to encode anything but text as Latin-1 at byte 27"
        ),
        ("state of a list", "8002 5d 4e 62 2e", "refused to set the state of a value at byte 4"),
        ("persistent ID", "8002 4e 51 2e", "BINPERSID at byte 3 refers to something outside of the file"),
        ("text opcode of protocol 0", "8002 49 310a 2e", "unsupported pickle opcode 0x49 at byte 2"),
        ("extension registry", "8002 82 01 2e", "unsupported pickle opcode 0x82 at byte 2"),
        ("buffer outside of the stream", "8005 97 2e", "unsupported pickle opcode 0x97 at byte 2"),
        ("future protocol", "8006 4e 2e", "pickle protocol 6; 2 to 5 are supported"),
        ("protocol 1", "8001 4e 2e", "pickle protocol 1; 2 to 5 are supported"),
        ("no STOP", "8002 4e", "the pickle ends at byte 3 without STOP"),
        ("nothing before STOP", "8002 2e", "STOP at byte 2 finds the stack empty"),
        ("two values before STOP", "8002 4e4e 2e", "STOP at byte 4 leaves 1 values on the stack"),
        ("open MARK before STOP", "8002 4e 28 2e", "STOP at byte 4 finds the stack empty"),
        ("memo never written", "8002 68 00 2e", "BINGET at byte 2 finds nothing at memo index 0"),
        ("hole in the memo", "8002 4e 7102 68 01 2e", "BINGET at byte 5 finds nothing at memo index 1"),
        (
            "memo index beyond the file", "8002 4e 72 ffffffff 2e",
            "LONG_BINPUT at byte 3 has memo index 4294967295, the bound is 8"
        ),
        (
            "huge BINBYTES8", "8004 8e ffffffffffffff7f 2e",
            "BINBYTES8 at byte 2 needs 9223372036854775807 bytes, 1 are left"
        ),
        (
            "BINBYTES8 beyond Int", "8004 8e ffffffffffffffff 2e",
            "BINBYTES8 at byte 2 needs 18446744073709551615 bytes, 1 are left"
        ),
        ("BINUNICODE past the end", "8002 58 10000000 61 2e", "BINUNICODE at byte 2 needs 16 bytes, 2 are left"),
        ("negative LONG4", "8002 8b ffffffff 2e", "LONG4 at byte 2 needs -1 bytes, 1 are left"),
        ("negative BINSTRING", "8002 54 00000080 2e", "BINSTRING at byte 2 needs -2147483648 bytes, 1 are left"),
        ("frame past the end", "8004 95 ff00000000000000 4e 2e", "FRAME at byte 2 announces 255 bytes, 2 are left"),
        ("odd SETITEMS", "8002 7d 28 4e 75 2e", "SETITEMS at byte 5 finds a key without a value"),
        ("SETITEM on a list", "8002 5d 4e 4e 73 2e", "SETITEM at byte 5 finds no dictionary below its arguments"),
        ("APPEND to a tuple", "8002 29 4e 61 2e", "APPEND at byte 4 finds no list below its arguments"),
        ("ADDITEMS to a list", "8004 5d 28 4e 90 2e", "ADDITEMS at byte 5 finds no set below its arguments"),
        ("pop below a MARK", "8002 4e 28 4e 86 2e", "TUPLE2 at byte 5 needs 2 values on the stack, 1 are there"),
        ("STACK_GLOBAL of numbers", "8004 4b01 4b01 93 2e", "STACK_GLOBAL at byte 6 finds no two names on the stack"),
        ("GLOBAL without line feed", "8002 63 6f73", "GLOBAL at byte 2 has a name that does not end within 2 bytes"),
        (
            "set of a number", "8002 63 6275696c74696e730a 7365740a 4b01 85 52 2e",
            "REDUCE at byte 19 finds no list among its arguments"
        ),
        (
            "dictionary of numbers", "8002 63 636f6c6c656374696f6e730a 4f726465726564446963740a 5d4b0161 85 52 2e",
            "REDUCE at byte 32 finds no list among its arguments"
        ),
        (
            "keyword arguments", "8004 63 636f6c6c656374696f6e730a 4f726465726564446963740a 29 7d 4e 4e 73 92 2e",
            "refused to pass keyword arguments to a constructor at byte 32"
        ),
    ]

    @Test(arguments: refused)
    func saysWhatItRefuses(row: (reason: String, pickle: String, message: String)) {
        #expect(message([UInt8](hex: row.pickle)) == row.message, "\(row.reason)")
    }

    @Test(arguments: PickleOpcode.allCases)
    func anyOpcodeOnAnEmptyStackWithNothingAfterIt(opcode: PickleOpcode) {
        for tail in [[], [0], [0xff], [UInt8](repeating: 0, count: 9), [UInt8](repeating: 0xff, count: 9)] {
            do {
                _ = try run([0x80, 4, opcode.rawValue] + tail)
            } catch {
                #expect(error is CheckpointError, "\(opcode.name) with \(tail)")
            }
        }
    }

    /// One opcode a million times.
    static let repetitions: [(UInt8, String)] = [
        (0x28, "MARK at byte 1002 exceeds the bound of 1000 nested marks"),
        (0x5d, "EMPTY_LIST at byte 131074 exceeds the bound of 131072 values on the stack"),
        (0x4e, "NONE at byte 131074 exceeds the bound of 131072 values on the stack"),
        (0x29, "EMPTY_TUPLE at byte 131074 exceeds the bound of 131072 values on the stack"),
    ]

    @Test(arguments: repetitions)
    func deepNesting(opcode: UInt8, message expected: String) {
        #expect(message([0x80, 2] + [UInt8](repeating: opcode, count: 1_000_000) + [0x2e]) == expected)
    }

    @Test func nestedListsAsDeepAsTheStackAllows() throws {
        // [[[...]]] of 131,072 levels: neither reading nor releasing it may recurse.
        let depth = 1 << 17
        let pickle =
            [0x80, 2] + [UInt8](repeating: 0x5d, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2e]
        #expect(try run(pickle).nodes.count == depth)
    }

    @Test func listThatContainsItself() throws {
        // x = []; x.append(x); pickle.dumps(x, protocol=2)
        let document = try run([UInt8](hex: "80025d71006800612e"))
        #expect(document.repr == "[[[[[[[[...]]]]]]]]")
    }

    @Test func billionLaughsCostNothingUntilSomeoneLaughs() throws {
        // 60 tuples, each of the one before, twice: 2^60 leaves.
        var pickle: [UInt8] = [0x80, 4, 0x4e]
        for _ in 0..<60 {
            pickle += [0x32, 0x86]  // DUP TUPLE2
        }
        #expect(try run(pickle + [0x2e]).nodes.count == 60)
    }

    @Test func memoryForContainersIsBoundedByTheSizeOfTheFile() {
        // A list of 65,536 values, then tuples of all of them through the memo, 3 bytes each: refused long before the
        // end.
        var pickle: [UInt8] = [0x80, 2, 0x5d, 0x71, 0, 0x28] + [UInt8](repeating: 0x4e, count: 1 << 16) + [0x65, 0x30]
        for _ in 0..<1_000 {
            pickle += Array("cbuiltins\nset\n".utf8) + [0x68, 0, 0x85, 0x52, 0x30]
        }
        #expect(message(pickle + [0x4e, 0x2e]).contains("bytes for containers"))
    }
}
