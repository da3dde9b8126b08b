// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct PickleMachineTests {
    /// A Python expression, `pickle.dumps(expression, protocol=n).hex()` of Python 3, and the value read.
    struct Row: Sendable, CustomTestStringConvertible {
        let expression: String
        let protocolVersion: Int
        let pickle: String
        let repr: String

        init(_ expression: String, _ protocolVersion: Int, _ pickle: String, _ repr: String? = nil) {
            self.expression = expression
            self.protocolVersion = protocolVersion
            self.pickle = pickle
            self.repr = repr ?? expression
        }

        var testDescription: String { "\(expression), protocol \(protocolVersion)" }
    }

    static let rows = [
        Row("None", 2, "80024e2e"),
        Row("True", 2, "8002882e"),
        Row("False", 2, "8002892e"),
        Row("0", 2, "80024b002e"),
        Row("255", 2, "80024bff2e"),
        Row("65535", 2, "80024dffff2e"),
        Row("-1", 2, "80024affffffff2e"),
        Row("2**31", 2, "80028a0500000080002e", "2147483648"),
        Row("-(2**63)", 2, "80028a0800000000000000802e", "-9223372036854775808"),
        Row("1.5", 2, "8002473ff80000000000002e"),
        Row("-0.0", 2, "80024780000000000000002e"),
        Row("'face'", 2, "800258040000006661636571002e"),
        Row("'face'", 4, "80049508000000000000008c0466616365942e"),
        Row("'\\xe9'", 2, "80025802000000c3a971002e", "'é'"),
        Row("'\\xe9'", 4, "80049506000000000000008c02c3a9942e", "'é'"),
        Row(
            "b'\\x00\\xff'", 2,
            "8002635f636f646563730a656e636f64650a7100580300000000c3bf710158060000006c6174696e3171028671035271"
                + "042e", "b'00ff'"),
        Row("b'\\x00\\xff'", 3, "8003430200ff71002e", "b'00ff'"),
        Row("b'\\x00\\xff'", 4, "8004950600000000000000430200ff942e", "b'00ff'"),
        Row("b''", 2, "8002635f5f6275696c74696e5f5f0a62797465730a7100295271012e"),
        Row("b''", 3, "8003430071002e"),
        Row("b''", 4, "80049504000000000000004300942e"),
        Row("()", 2, "8002292e"),
        Row("(1,)", 2, "80024b018571002e"),
        Row("(1,)", 4, "80049505000000000000004b0185942e"),
        Row("(1, 2)", 2, "80024b014b028671002e"),
        Row("(1, 2)", 4, "80049507000000000000004b014b0286942e"),
        Row("(1, 2, 3)", 2, "80024b014b024b038771002e"),
        Row("(1, 2, 3)", 4, "80049509000000000000004b014b024b0387942e"),
        Row("(1, 2, 3, 4)", 2, "8002284b014b024b034b047471002e"),
        Row("(1, 2, 3, 4)", 4, "8004950c00000000000000284b014b024b034b0474942e"),
        Row("[]", 2, "80025d71002e"),
        Row("[]", 4, "80045d942e"),
        Row("[1]", 2, "80025d71004b01612e"),
        Row("[1]", 4, "80049506000000000000005d944b01612e"),
        Row("[1, 2]", 2, "80025d7100284b014b02652e"),
        Row("[1, 2]", 4, "80049509000000000000005d94284b014b02652e"),
        Row("{}", 2, "80027d71002e"),
        Row("{}", 4, "80047d942e"),
        Row("{'a': 1}", 2, "80027d710058010000006171014b01732e"),
        Row("{'a': 1}", 4, "8004950a000000000000007d948c0161944b01732e"),
        Row("{'a': 1, 'b': 2}", 2, "80027d71002858010000006171014b0158010000006271024b02752e"),
        Row("{'a': 1, 'b': 2}", 4, "80049511000000000000007d94288c0161944b018c0162944b02752e"),
        Row("set()", 2, "8002635f5f6275696c74696e5f5f0a7365740a71005d71018571025271032e", "{-}"),
        Row("set()", 3, "8003636275696c74696e730a7365740a71005d71018571025271032e", "{-}"),
        Row("set()", 4, "80048f942e", "{-}"),
        Row("{1}", 2, "8002635f5f6275696c74696e5f5f0a7365740a71005d71014b01618571025271032e"),
        Row("{1}", 3, "8003636275696c74696e730a7365740a71005d71014b01618571025271032e"),
        Row("{1}", 4, "80049507000000000000008f94284b01902e"),
        Row(
            "frozenset({1})", 2,
            "8002635f5f6275696c74696e5f5f0a66726f7a656e7365740a71005d71014b01618571025271032e", "{1}"),
        Row("frozenset({1})", 3, "8003636275696c74696e730a66726f7a656e7365740a71005d71014b01618571025271032e", "{1}"),
        Row("frozenset({1})", 4, "8004950600000000000000284b0191942e", "{1}"),
        Row(
            "OrderedDict(a=1)", 2,
            "800263636f6c6c656374696f6e730a4f726465726564446963740a71002952710158010000006171024b01732e", "{'a': 1}"),
        Row(
            "OrderedDict(a=1)", 4,
            "80049529000000000000008c0b636f6c6c656374696f6e73948c0b4f726465726564446963749493942952948c016194"
                + "4b01732e", "{'a': 1}"),
        Row("bytearray(b'ab')", 5, "8005950d000000000000009602000000000000006162942e", "b'6162'"),
        Row("2**64", 2, "80028a090000000000000000012e", "big 000000000000000001"),
        Row("x = [1]; [x, x]", 4, "8004950c000000000000005d94285d944b01616801652e", "[[1], [1]]"),
    ]

    @Test(arguments: rows)
    func readsWhatPythonWrites(row: Row) throws {
        let document = try PickleMachine.run(ByteView(copying: [UInt8](hex: row.pickle)))
        #expect(document.repr == row.repr)
        #expect(document.endOffset == row.pickle.count / 2)
    }

    // pickle.dumps(numpy.float64(0.125), protocol=n).hex() and the like, numpy 2.4
    static let numPyScalars: [(String, Double)] = [
        (
            "8002636e756d70792e5f636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970650a"
                + "71015802000000663871028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff4b00747106"
                + "62635f636f646563730a656e636f64650a71075809000000000000000000c3803f710858060000006c6174696e317109"
                + "86710a52710b86710c52710d2e",
            0.125
        ),
        (
            "8002636e756d70792e5f636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970650a"
                + "71015802000000693871028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff4b00747106"
                + "62635f636f646563730a656e636f64650a710758080000000700000000000000710858060000006c6174696e31710986"
                + "710a52710b86710c52710d2e",
            7.0
        ),
        (
            "8002636e756d70792e5f636f72652e6d756c746961727261790a7363616c61720a7100636e756d70790a64747970650a"
                + "71015802000000663471028988877103527104284b0358010000003c71054e4e4e4affffffff4affffffff4b00747106"
                + "62635f636f646563730a656e636f64650a710758040000000000003f710858060000006c6174696e31710986710a5271"
                + "0b86710c52710d2e",
            0.5
        ),
        (
            "8004956a000000000000008c166e756d70792e5f636f72652e6d756c74696172726179948c067363616c61729493948c"
                + "056e756d7079948c0564747970659493948c02663894898887945294284b038c013c944e4e4e4affffffff4affffffff"
                + "4b007494624308000000000000c03f94869452942e",
            0.125
        ),
        (
            "8004956a000000000000008c166e756d70792e5f636f72652e6d756c74696172726179948c067363616c61729493948c"
                + "056e756d7079948c0564747970659493948c02693894898887945294284b038c013c944e4e4e4affffffff4affffffff"
                + "4b007494624308070000000000000094869452942e",
            7.0
        ),
        (
            "80049566000000000000008c166e756d70792e5f636f72652e6d756c74696172726179948c067363616c61729493948c"
                + "056e756d7079948c0564747970659493948c02663494898887945294284b038c013c944e4e4e4affffffff4affffffff"
                + "4b0074946243040000003f94869452942e",
            0.5
        ),
    ]

    @Test(arguments: numPyScalars)
    func readsNumPyScalars(pickle: String, number: Double) throws {
        let document = try PickleMachine.run(ByteView(copying: [UInt8](hex: pickle)))
        #expect(document.double(document.root) == number)
    }

    /// pickle.dumps(numpy.array([36, 20]), protocol=n).hex() for n in 2, 4 and 5; numpy.array([0.5, -2], dtype='f4'), protocol 5
    static let numPyArrays: [(String, [Double])] = [
        (
            "8002636e756d70792e5f636f72652e6d756c746961727261790a5f7265636f6e7374727563740a7100636e756d70790a6e646172"
                + "7261790a71014b00857102635f636f646563730a656e636f64650a7103580100000062710458060000006c6174696e31710586"
                + "7106527107877108527109284b014b0285710a636e756d70790a64747970650a710b58020000006938710c898887710d52710e"
                + "284b0358010000003c710f4e4e4e4affffffff4affffffff4b0074711062896803581000000024000000000000001400000000"
                + "00000071116805867112527113747114622e", [36, 20]
        ),
        (
            "80049599000000000000008c166e756d70792e5f636f72652e6d756c74696172726179948c0c5f7265636f6e7374727563749493"
                + "948c056e756d7079948c076e6461727261799493944b0085944301629487945294284b014b02859468038c0564747970659493"
                + "948c02693894898887945294284b038c013c944e4e4e4affffffff4affffffff4b007494628943102400000000000000140000"
                + "0000000000947494622e", [36, 20]
        ),
        (
            "80059584000000000000008c136e756d70792e5f636f72652e6e756d65726963948c0b5f66726f6d627566666572949394289610"
                + "0000000000000024000000000000001400000000000000948c056e756d7079948c0564747970659493948c0269389489888794"
                + "5294284b038c013c944e4e4e4affffffff4affffffff4b007494624b0285948c014394749452942e", [36, 20]
        ),
        (
            "8005957c000000000000008c136e756d70792e5f636f72652e6e756d65726963948c0b5f66726f6d627566666572949394289608"
                + "000000000000000000003f000000c0948c056e756d7079948c0564747970659493948c02663494898887945294284b038c013c"
                + "944e4e4e4affffffff4affffffff4b007494624b0285948c014394749452942e", [0.5, -2]
        ),
    ]

    @Test(arguments: numPyArrays)
    func readsNumPyArrays(pickle: String, numbers: [Double]) throws {
        let document = try PickleMachine.run(ByteView(copying: [UInt8](hex: pickle)))
        #expect(document.numbers(document.root) == numbers)
    }

    /// Opcodes that Python's own pickler does not write in the table above; assembled by hand from the descriptions in
    /// `pickletools`.
    static let handmade: [(pickle: String, repr: String)] = [
        ("8004 4b01 30 4b02 2e", "2"),  // BININT1 POP
        ("8004 4b01 28 4b02 4b03 31 2e", "1"),  // MARK POP_MARK
        ("8004 4b01 28 30 2e", "1"),  // a POP that takes a MARK
        ("8004 4b01 32 86 2e", "(1, 1)"),  // DUP TUPLE2
        ("8002 8b 02000000 0001 2e", "256"),  // LONG4
        ("8002 8a 00 2e", "0"),  // LONG1 of no bytes
        ("8002 8a 01 ff 2e", "-1"),
        ("8004 8d 0200000000000000 6869 2e", "'hi'"),  // BINUNICODE8
        ("8004 8e 0200000000000000 00ff 2e", "b'00ff'"),  // BINBYTES8
        ("8003 42 02000000 00ff 2e", "b'00ff'"),  // BINBYTES
        ("8002 54 02000000 6869 2e", "'hi'"),  // BINSTRING
        ("8002 55 02 6869 2e", "'hi'"),  // SHORT_BINSTRING
        ("8002 5d 72 00000000 6a 00000000 86 2e", "([], [])"),  // LONG_BINPUT LONG_BINGET
        ("8002 63 646e6e6c69622e7574696c0a 45617379446963740a 29 81 2e", "{}"),  // dnnlib.util.EasyDict, NEWOBJ
        ("8004 63 636f6c6c656374696f6e730a 4f726465726564446963740a 29 7d 92 2e", "{}"),  // OrderedDict, NEWOBJ_EX
        // OrderedDict([['a', 1]]), as Python 2 writes it
        ("8002 63 636f6c6c656374696f6e730a 4f726465726564446963740a 5d 5d 28 55 01 61 4b01 65 61 85 52 2e", "{'a': 1}"),
        // OrderedDict([]), likewise
        ("8002 63 636f6c6c656374696f6e730a 4f726465726564446963740a 5d 85 52 2e", "{}"),
        // BUILD of an OrderedDict, as in a state dict with _metadata
        ("8002 63 636f6c6c656374696f6e730a 4f726465726564446963740a 29 52 7d 62 2e", "{}"),
    ]

    @Test(arguments: handmade)
    func readsOtherOpcodes(row: (pickle: String, repr: String)) throws {
        #expect(try PickleMachine.run(ByteView(copying: [UInt8](hex: row.pickle))).repr == row.repr)
    }

    @Test func aliasesAreOneContainer() throws {
        // x = []; (x, x), then x.append(1) through the memo
        let document = try PickleMachine.run(ByteView(copying: [UInt8](hex: "8002 5d 7100 6800 4b01 61 86 2e")))
        #expect(document.repr == "([1], [1])")
    }

    @Test func persistentIDsAreDataWhereTheyAreAllowed() throws {
        let pickle = ByteView(copying: PythonObject.persistentID(.string("key")).pickled())
        #expect(try PickleMachine.run(pickle, allowsPersistentIDs: true).repr == "persistent('key')")
        #expect(throws: CheckpointError.self) { try PickleMachine.run(pickle) }
    }

    @Test func opcodesAreNamedAsInPickletools() {
        // [op.name for op in pickletools.opcodes]
        #expect(PickleOpcode.shortBinunicode.name == "SHORT_BINUNICODE")
        #expect(PickleOpcode.binbytes8.name == "BINBYTES8")
        #expect(PickleOpcode.tuple1.name == "TUPLE1")
        #expect(PickleOpcode.newobjEx.name == "NEWOBJ_EX")
    }
}
