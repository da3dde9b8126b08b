// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPErrorTests {
    @Test func problemDetails() {
        let error = HTTPError(
            .badRequest, detail: "say \"x\"\\\n\u{1}é", headers: ["Retry-After": "1"],
            members: [
                "parameter": "seed", "max": 3, "ratio": 0.5, "ok": true, "allowed": ["a", 1], "nan": .double(.nan),
            ])
        let response = error.response()
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"say \"x\"\\\n\u0001é","#
                + #""parameter":"seed","max":3,"ratio":0.5,"ok":true,"allowed":["a",1],"nan":null}"#)
        #expect(response.headers["Content-Type"] == "application/problem+json")
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Retry-After"] == "1")
    }
}
