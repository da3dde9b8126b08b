// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

@Suite struct ServedModelTests {
    private let folder = TemporaryFolder()

    @Test func failureBeginsWithTheFile() throws {
        let path = try folder.write("no weights", to: "model.pkl")
        let failure = #expect(throws: CommandFailure.self) { try ServedModel(path: path) }
        #expect(failure?.description.hasPrefix(path + ": ") == true)
        #expect(failure?.description.contains("\n") == false)
    }

    @Test func missingFileIsNamed() {
        #expect(throws: CommandFailure("/nowhere.pkl: cannot open: No such file or directory")) {
            try ServedModel(path: "/nowhere.pkl")
        }
    }

    @Test func givenNameWins() throws {
        #expect(try ServedModel(path: nil, name: "mine").identity.name == "mine")
    }

    @Test(arguments: [
        ("faces-64", "faces-64", "as it is"),
        ("", "unnamed", "a log line wants something"),
        ("a\nb\u{0}c", "a?b?c", "control characters"),
        ("Gesichter für alle", "Gesichter f?r alle", "PNG text is Latin-1, a log line may be less"),
        (String(repeating: "x", count: 1000), String(repeating: "x", count: 80), "a length that fits"),
    ])
    func nameIsMadePrintable(name: String, printable: String, reason: String) {
        #expect(ServedModel.printable(name) == printable, "\(reason)")
    }
}
