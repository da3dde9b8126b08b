// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct AcceptFieldTests {
    private static let types = ["image/webp", "image/jpeg", "image/png"]

    @Test(
        arguments: [
            ([], "image/png", "no field: anything, so the fallback"),
            (["*/*"], "image/png", "curl"),
            (["image/*"], "image/png", "a range of types"),
            (["image/jpeg"], "image/jpeg", "one type"),
            (["image/png,image/webp"], "image/webp", "two alike: the server's favourite"),
            (["image/jpeg, image/png"], "image/jpeg", "in the server's order, whatever the client's"),
            (["image/webp;q=0.5,image/png"], "image/png", "the one with the higher quality"),
            (["image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"], "image/webp", "a browser"),
            (["text/html", "image/jpeg;q=0.001"], "image/jpeg", "fields are one list"),
            (["IMAGE/JPEG ; Q=1.000"], "image/jpeg", "case and blanks"),
            (["image/*;q=0.2, image/png;q=0"], "image/webp", "the more specific range refuses the fallback"),
            (["*/*;q=0.1, image/*;q=0"], nil, "the more specific range counts, whatever its order"),
            (["text/html"], nil, "something else"),
            (["image/png;q=0"], nil, "explicitly not"),
            (["image/png;q=2, image/jpeg;q=0.5"], "image/jpeg", "a member of a quality that there is not"),
            (["image/png;q=1.001, image/webp"], "image/webp", "a quality above 1"),
            (["image, */png, ;q=1"], "image/png", "nothing well-formed is as no field"),
        ] as [([String], String?, String)])
    func clientGetsWhatItWantsMost(fields: [String], type: String?, reason: String) {
        #expect(AcceptField(fields).best(of: Self.types, fallback: "image/png") == type, "\(reason)")
    }
}
