// SPDX-License-Identifier: Apache-2.0

/// The binary opcodes of pickle protocols 2 to 5 that `PickleMachine` knows; https://docs.python.org/3/library/pickletools
/// lists them all. Each case is named as `pickletools` names it, in lower camel case.
///
/// Left out: the text opcodes of protocols 0 and 1, the extension registry, and buffers outside the stream. None of
/// them occurs in a file that Python wrote with protocol 2 or later.
enum PickleOpcode: UInt8, CaseIterable {
    case mark = 0x28  // (
    case stop = 0x2e  // .
    case pop = 0x30  // 0
    case popMark = 0x31  // 1
    case dup = 0x32  // 2
    case binbytes = 0x42  // B
    case shortBinbytes = 0x43  // C
    case binfloat = 0x47  // G
    case binint = 0x4a  // J
    case binint1 = 0x4b  // K
    case binint2 = 0x4d  // M
    case none = 0x4e  // N
    case binpersid = 0x51  // Q
    case reduce = 0x52  // R
    case binstring = 0x54  // T
    case shortBinstring = 0x55  // U
    case binunicode = 0x58  // X
    case append = 0x61  // a
    case build = 0x62  // b
    case global = 0x63  // c
    case appends = 0x65  // e
    case binget = 0x68  // h
    case longBinget = 0x6a  // j
    case binput = 0x71  // q
    case longBinput = 0x72  // r
    case setitem = 0x73  // s
    case tuple = 0x74  // t
    case setitems = 0x75  // u
    case emptyTuple = 0x29  // )
    case emptyList = 0x5d  // ]
    case emptyDict = 0x7d  // }

    // Protocol 2
    case proto = 0x80
    case newobj = 0x81
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newtrue = 0x88
    case newfalse = 0x89
    case long1 = 0x8a
    case long4 = 0x8b

    // Protocol 4
    case shortBinunicode = 0x8c
    case binunicode8 = 0x8d
    case binbytes8 = 0x8e
    case emptySet = 0x8f
    case additems = 0x90
    case frozenset = 0x91
    case newobjEx = 0x92
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95

    // Protocol 5
    case bytearray8 = 0x96

    /// The name in `pickletools`, such as "SHORT_BINUNICODE".
    var name: String {
        String(describing: self).reduce(into: "") { name, character in
            if character.isUppercase {
                name += "_"
            }
            name += character.uppercased()
        }
    }
}
