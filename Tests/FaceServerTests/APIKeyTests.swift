// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct APIKeyTests {
    /// printf fsk_test | sha256sum
    private static let hash = "67148fb46828a0fa6ce3ad65299d65162b647b04c9f6cc4cc2d16323bca942d4"

    @Test(
        arguments: [
            ("web:\(hash)", [.faces], "for faces unless told otherwise"),
            ("web:\(hash):metrics", [.metrics], "one scope"),
            ("web:\(hash):faces+admin", [.faces, .admin], "two scopes"),
            ("web:\(hash.uppercased()):faces", [.faces], "digits of either case"),
        ] as [(String, Set<AccessScope>, String)])
    func entryIsRead(entry: String, scopes: Set<AccessScope>, reason: String) throws {
        let key = try #require(APIKey(entry: entry))
        #expect(key.name == "web")
        #expect(key.scopes == scopes, "\(reason)")
        #expect([key].matching("fsk_test") == key)
    }

    @Test(arguments: [
        ("", "empty"), ("web", "no hash"), (hash, "no name"), (":\(hash)", "an empty name"),
        ("web:\(hash.dropLast(2))", "a short hash"), ("web:\(hash)00", "a long hash"),
        ("web:\(hash.dropLast())g", "no hexadecimal digit"), ("web:fsk_test", "the key itself"),
        ("web:\(hash):", "an empty scope"), ("web:\(hash):faces+", "another"), ("web:\(hash):root", "no such scope"),
        ("web:\(hash):faces:admin", "one part too many"), ("w b:\(hash)", "a space"), ("wéb:\(hash)", "not ASCII"),
    ])
    func badEntryIsRefused(entry: String, reason: String) {
        #expect(APIKey(entry: entry) == nil, "\(reason)")
    }

    @Test func keyIsFoundAmongSeveral() throws {
        let made = (0..<3).map { _ in APIKey.random() }
        let keys = try made.enumerated().map { index, key in
            try #require(APIKey(entry: APIKey.entry(name: "k\(index)", key: key, scopes: [.faces])))
        }
        #expect(made.map { keys.matching($0)?.name } == ["k0", "k1", "k2"])
        #expect(keys.matching("") == nil)
        #expect(keys.matching(made[0] + "x") == nil)
        #expect(keys.matching(String(made[0].dropLast())) == nil)
        #expect(Set(made).count == 3)
        // A prefix and 256 bits in base64url.
        #expect(made.allSatisfy { $0.hasPrefix("fsk_") && $0.utf8.count == 4 + 43 })
    }

    @Test(
        arguments: [
            ([], ""), ([0], "AA"), ([0xFB, 0xFF], "-_8"), (Array("any carnal pleas".utf8), "YW55IGNhcm5hbCBwbGVhcw"),
        ] as [([UInt8], String)])
    func base64URLHasNoPadding(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: [
        ("AA==", "padding"), ("+/8", "the other alphabet"), ("AB", "stray bits"), ("A", "no whole byte"),
        ("A A", "a space"), ("ü", "not ASCII"),
    ])
    func otherBase64IsRefused(text: String, reason: String) {
        #expect(Base64URL.decode(text) == nil, "\(reason)")
    }
}
