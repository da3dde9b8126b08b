// SPDX-License-Identifier: Apache-2.0

/// The caller's place in a distributed trace, as W3C Trace Context's `traceparent` field tells it.
struct TraceContext: Sendable, Equatable {
    /// 32 lower-case hexadecimal digits, not all zero.
    let traceID: String
    /// The caller's span: 16 lower-case hexadecimal digits, not all zero.
    let parentID: String

    /// W3C Trace Context section 3.2: version "-" trace-id "-" parent-id "-" trace-flags, all in lower-case hexadecimal
    /// digits.
    ///
    /// nil for anything else. Of a version later than 00 what this version defines is read, and more may follow after
    /// another "-" (section 3.2.4); the version ff is forbidden.
    init?(traceparent: String) {
        let bytes = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else {
            return nil
        }
        let version = bytes[0..<2]
        let trace = bytes[3..<35]
        let parent = bytes[36..<52]
        let flags = bytes[53..<55]
        guard [version, trace, parent, flags].allSatisfy({ $0.allSatisfy(Self.isLowerHex) }),
            !version.elementsEqual("ff".utf8),
            trace.contains(where: { $0 != UInt8(ascii: "0") }),
            parent.contains(where: { $0 != UInt8(ascii: "0") })
        else {
            return nil
        }
        let isFirstVersion = version.elementsEqual("00".utf8)
        guard bytes.count == 55 || (!isFirstVersion && bytes[55] == dash) else {
            return nil
        }
        traceID = String(decoding: trace, as: UTF8.self)
        parentID = String(decoding: parent, as: UTF8.self)
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
