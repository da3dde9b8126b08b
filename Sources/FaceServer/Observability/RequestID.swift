// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization

/// What `X-Request-Id` holds.
enum RequestID {
    static let field = "X-Request-Id"

    /// The identifier that a request brought, where it is one and well-formed.
    static func given(with request: HTTPRequest) -> String? {
        let given = request.headers.values(for: field)
        return given.count == 1 && isWellFormed(given[0]) ? given[0] : nil
    }

    /// Letters, digits and what base64, UUIDs and paths are made of: nothing that a log or a header would have to quote.
    private static let characters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=~@".utf8)

    /// Whether an identifier that came with a request is taken over: 1 to 128 of the characters above.
    static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(characters.contains)
    }

    /// 128 bits in hexadecimal digits: 64 random ones of the process, and 64 that no other request of it has.
    static func next() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return withUnsafeBytes(of: SIMD2(process, mixed(number))) { Hexadecimal.encode($0) }
    }

    private static let process = UInt64.random(in: .min ... .max)
    private static let count = Atomic(UInt64.random(in: .min ... .max))

    /// Another number for each, and no neighbours for neighbours: the mixing function of SplitMix64 (Steele, Lea and Flood,
    /// "Fast Splittable Pseudorandom Number Generators", 2014).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
