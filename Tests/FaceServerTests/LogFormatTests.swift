// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import Testing

@testable import FaceServer

@Suite struct LogFormatTests {
    private static let metadata: Logger.Metadata = [
        "status": .stringConvertible(200), "path": "/faces/1.png",
        "duration_ms": .stringConvertible(FixedDecimal(millionths: 1_250_000)),
        "agent": "a b", "none": "", "list": ["x", "y"], "map": ["k": "v"],
    ]

    @Test func textIsForPeople() {
        let line = LogFormat.text.line(time: "T", level: .info, message: "two words", metadata: Self.metadata)
        #expect(
            line == """
                T info two words agent="a b" duration_ms=1.25 list=["x","y"] map={"k":"v"} none="" \
                path=/faces/1.png status=200

                """)
    }

    @Test func jsonIsForPrograms() throws {
        let line = LogFormat.json.line(time: "T", level: .error, message: "two words", metadata: Self.metadata)
        #expect(
            line == """
                {"time":"T","level":"error","message":"two words","agent":"a b","duration_ms":1.25,"list":["x","y"],\
                "map":{"k":"v"},"none":"","path":"/faces/1.png","status":200}

                """)
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }

    @Test(arguments: [
        ("a\nb", #"a\nb"#, "a line of its own"),
        ("a\r\n2026-01-01 info", #"a\r\n2026-01-01 info"#, "a whole forged line"),
        ("a\u{1B}[2J", #"a\u001b[2J"#, "a terminal's command"),
        ("a\u{7F}\u{0}", #"a\u007f\u0000"#, "controls"),
        ("a\u{85}b\u{2028}c\u{2029}", #"a\u0085b\u2028c\u2029"#, "other line ends"),
        ("a\u{202E}gpj", #"a\u202egpj"#, "another direction of writing"),
        ("\" status=200 x=\"", #"\" status=200 x=\""#, "a forged member"),
        ("\\", #"\\"#, "a backslash"),
        ("\u{F0000}", #"\udb80\udc00"#, "beyond the first plane, as JSON wants it"),
        ("grün 顔", "grün 顔", "letters stay"),
    ])
    func whatAClientSendsIsOneLine(value: String, escaped: String, reason: String) throws {
        let text = LogFormat.text.line(time: "T", level: .info, message: value, metadata: ["path": "\(value)"])
        #expect(text.hasPrefix("T info \(escaped) path="), "\(reason)")
        #expect(text.filter(\.isNewline) == "\n")
        let json = LogFormat.json.line(time: "T", level: .info, message: "m", metadata: ["path": "\(value)"])
        #expect(json.contains("\"path\":\"\(escaped)\""))
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String]
        #expect(object?["path"] == value)
        #expect(object?.count == 4)
    }

    @Test func valueThatLooksLikeTwoIsQuoted() {
        let line = LogFormat.text.line(time: "T", level: .info, message: "m", metadata: ["path": "/a status=200"])
        #expect(line == "T info m path=\"/a status=200\"\n")
    }

    @Test func handlerMergesWhatItIsGiven() {
        let lines = Mutex<[String]>([])
        var logger = Logger(label: "x") { _ in
            LineLogHandler(
                format: .text, write: { line in lines.withLock { $0.append(line) } },
                now: { Date(timeIntervalSince1970: 1_700_000_000.25) },
                metadataProvider: Logger.MetadataProvider { ["a": "provided", "b": "provided"] })
        }
        logger[metadataKey: "a"] = "own"
        logger[metadataKey: "c"] = "own"
        logger.info("m", metadata: ["b": "explicit"])
        logger.debug("below the level")
        // date -u -d @1700000000: 2023-11-14T22:13:20Z
        #expect(lines.withLock { $0 } == ["2023-11-14T22:13:20.250Z info m a=provided b=explicit c=own\n"])
    }
}
