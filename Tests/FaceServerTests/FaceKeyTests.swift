// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct FaceKeyTests {
    private let model = ModelIdentity(name: "faces-64", sha256: String(repeating: "ab", count: 32))
    private let face = FaceParameters(seed: 42, truncation: FixedDecimal(millionths: 700_000))

    /// Clients and disks keep these tags, so a change is only right together with `renderVersion`.
    @Test func tagIsStable() {
        // s = b'3\nzlib 1.2.13\n' + b'ab'*32 + b'\nfaces-64\n/faces/42.png?truncation=0.7'
        // hashlib.sha256(s).hexdigest()[:32]
        let key = FaceKey(model: model, parameters: face, encoder: "zlib 1.2.13")
        #expect(key.entityTag == "\"fd4797c46e39518c33938577d73da103\"")
    }

    @Test func tagIsStrong() throws {
        let tag = try #require(EntityTag(FaceKey(model: model, parameters: face).entityTag))
        #expect(!tag.isWeak)
    }

    @Test func keyIsReadFromItsTag() {
        let key = FaceKey(model: model, parameters: face)
        #expect(FaceKey(entityTag: key.entityTag) == key)
        for other in ["W/" + key.entityTag, String(key.entityTag.dropLast()), "\"short\"", ""] {
            #expect(FaceKey(entityTag: other) == nil)
        }
    }

    @Test func whateverDecidesTheBytesDecidesTheTag() {
        var others = Array(repeating: face, count: 5)
        others[0].seed = 43
        others[1].truncation = FixedDecimal(millionths: 700_001)
        others[2].noise = .none
        others[3].size = 32
        others[4].cutoff = 1
        var keys = Set(others.map { FaceKey(model: model, parameters: $0) })
        keys.insert(FaceKey(model: model, parameters: face))
        keys.insert(FaceKey(model: ModelIdentity(name: "faces-64", sha256: "cd"), parameters: face))
        keys.insert(FaceKey(model: ModelIdentity(name: "other", sha256: model.sha256), parameters: face))
        keys.insert(FaceKey(model: model, parameters: face, encoder: "zlib-ng 2.2.4"))
        #expect(keys.count == others.count + 4)
    }
}
