// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct URLSignerTests {
    private static let now = 1_699_999_999
    private let signer: URLSigner
    private let other: URLSigner

    init() throws {
        // bytes(range(32)) and bytes([0xaa, 0xbb]) of Python.
        let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f:aabb"
        signer = URLSigner(keys: [try #require(URLSigningKey(entry: key))])
        other = URLSigner(keys: [try #require(URLSigningKey(entry: URLSigningKey.random()))])
    }

    /// The example of imgproxy's documentation, "Signing a URL".
    @Test func schemeIsImgproxys() throws {
        let key = try #require(
            URLSigningKey(
                entry: "943b421c9eb07c830af81030552c86009268de4e532ba2ee2eab8247c6da0881"
                    + ":520f986b998545b4785e0defbc4f3c1203f22de2374a3d53cb7a7fe9fea309c5"))
        let signature = key.signature(of: "/rs:fit:300:300/plain/http://img.example.com/pretty/image.jpg")
        #expect(Base64URL.encode(signature) == "m3k5QADfcKPDj-SDI2AIogZbC3FlAXszuwhtWXYqavc")
    }

    /// base64.urlsafe_b64encode(hmac.new(key, salt + text, 'sha256').digest()) of Python, padding removed.
    @Test(
        arguments: [
            (
                "/faces/42.png?truncation=0.7", nil,
                "/faces/42.png?truncation=0.7&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck"
            ),
            (
                "/faces/42.png?truncation=0.7", 1_700_000_000,
                "/faces/42.png?truncation=0.7&expires=1700000000"
                    + "&signature=RzstjNMTEMvgR4f6n_Yv5Y4aNadGl9_wYMHpXl5z-lg"
            ),
            (
                "/face", 1_700_000_000,
                "/face?expires=1700000000&signature=PafzoP6evDo4PC1aMhGEsEY2QXDK-QYNnEl0HL4hjH8"
            ),
            ("/", nil, "/?signature=t1hG4XtDJg2aV1k_1mv5Qqow2ZKRWazPqYtTQqbyotw"),
        ] as [(String, Int?, String)])
    func signedURLIsFoundGood(target: String, expires: Int?, signed: String) throws {
        #expect(signer.sign(target, expires: expires) == signed)
        #expect(try signer.verify(signed, now: Self.now) == .init(target: target, expires: expires))
    }

    @Test(arguments: [
        ("/faces/43.png?truncation=0.7&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck", "another face"),
        ("/faces/42.png?truncation=0.70&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck", "another spelling"),
        ("/faces/42.png?truncation=0.7&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXcl", "another signature"),
        ("/faces/42.png?truncation=0.7&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck=", "padding"),
        ("/faces/42.png?truncation=0.7&signature=zvSwOxD4DeIO49tL", "a part of it"),
        ("/faces/42.png?truncation=0.7&signature=", "none"),
        ("/faces/42.png?truncation=0.7&signature", "not even an equals sign"),
        ("/faces/42.png?truncation=0.7&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck&size=16", "more after it"),
        ("/faces/42.png?signature=a&signature=zvSwOxD4DeIO49tL_1oZ9o4hJ1EtA7bCXQAGNhOHXck", "two"),
        (
            "/faces/42.png?truncation=0.7&expires=1700000001"
                + "&signature=RzstjNMTEMvgR4f6n_Yv5Y4aNadGl9_wYMHpXl5z-lg", "a longer life"
        ),
        ("/faces/42.png?truncation=0.7&signature=RzstjNMTEMvgR4f6n_Yv5Y4aNadGl9_wYMHpXl5z-lg", "no end"),
    ])
    func otherURLIsNot(target: String, reason: String) {
        #expect(throws: URLSigner.Refusal.badSignature, "\(reason)") { try signer.verify(target, now: Self.now) }
    }

    @Test func expiryOfAnotherFormIsNotSignedByUs() throws {
        for expires in ["expires=", "expires=-1", "expires=1e9", "expires=1700000000&expires=1800000000"] {
            let key = try #require(signer.keys.first)
            let text = "/face?\(expires)"
            let target = "\(text)&signature=\(Base64URL.encode(key.signature(of: text)))"
            #expect(throws: URLSigner.Refusal.badSignature, "\(expires)") { try signer.verify(target, now: Self.now) }
        }
    }

    @Test func urlExpiresAtItsSecond() throws {
        let target = try #require(signer.sign("/face?seed=1", expires: 1_700_000_000))
        #expect(try signer.verify(target, now: 1_699_999_999).expires == 1_700_000_000)
        #expect(throws: URLSigner.Refusal.expired) { try signer.verify(target, now: 1_700_000_000) }
        // Of a URL that is not signed nothing is told.
        let forged = target.replacingOccurrences(of: "seed=1", with: "seed=2")
        #expect(throws: URLSigner.Refusal.badSignature) { try signer.verify(forged, now: 1_700_000_000) }
    }

    @Test(arguments: ["/faces/1.png", "/face?truncation=1", "/face?%73ignature=x", "/signature=x"])
    func urlWithoutSignatureIsUnsigned(target: String) {
        #expect(throws: URLSigner.Refusal.unsigned) { try signer.verify(target, now: Self.now) }
    }

    @Test func keysAreReplacedOneByOne() throws {
        let old = try #require(signer.sign("/face?seed=1", expires: nil))
        let both = URLSigner(keys: other.keys + signer.keys)
        #expect(try both.verify(old, now: Self.now).target == "/face?seed=1")
        let new = try #require(both.sign("/face?seed=1", expires: nil))
        #expect(try other.verify(new, now: Self.now).target == "/face?seed=1", "the first signs")
        #expect(throws: URLSigner.Refusal.badSignature) { try other.verify(old, now: Self.now) }
    }

    @Test(arguments: [
        ("faces/1.png", "no slash"), ("/a#b", "a fragment"), ("/a b", "a space"), ("/ä", "not ASCII"),
        ("/a\n", "a line end"), ("/a?signature=x", "signed already"), ("/a?expires=1", "an expiry"),
    ])
    func whatCannotBeSentIsNotSigned(target: String, reason: String) {
        #expect(signer.sign(target, expires: nil) == nil, "\(reason)")
    }

    @Test(arguments: [
        ("", "empty"), ("00", "short"), (String(repeating: "0", count: 31), "half a byte"),
        (String(repeating: "00", count: 65), "long"), ("\(String(repeating: "00", count: 32)):zz", "a bad salt"),
        ("\(String(repeating: "00", count: 32)):00:00", "one part too many"),
        (String(repeating: "é0", count: 16), "not ASCII"),
    ])
    func badKeyIsRefused(entry: String, reason: String) {
        #expect(URLSigningKey(entry: entry) == nil, "\(reason)")
    }

    @Test func commandSignsForATime() throws {
        let url = try SignCommand.signed("/face", expires: "1m", keys: signer.keys, now: 1_699_999_940)
        #expect(url == "/face?expires=1700000000&signature=PafzoP6evDo4PC1aMhGEsEY2QXDK-QYNnEl0HL4hjH8")
    }

    @Test(
        arguments: [
            ("/face", "soon", true, "--expires is 'soon', expected a duration such as 30m, 1h or 90s"),
            ("/face", "0s", true, "--expires is '0s', expected a duration such as 30m, 1h or 90s"),
            (
                "face", nil, true,
                "'face' cannot be signed: expected a path and query, such as /faces/42.png?truncation=0.7, without the "
                    + "parameters expires and signature"
            ),
            (
                "/face", nil, false,
                "access.signingKeys is empty, so there is nothing to sign with; see 'faceserver key'"
            ),
        ] as [(String, String?, Bool, String)])
    func commandSaysWhatIsWrong(target: String, expires: String?, hasKeys: Bool, message: String) {
        let error = #expect(throws: CommandFailure.self) {
            try SignCommand.signed(target, expires: expires, keys: hasKeys ? signer.keys : [], now: 0)
        }
        #expect(error?.description == message)
    }
}
