// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

/// Breaks valid requests at random places, always the same ones, and checks what must hold for any bytes.
@Suite struct HTTPRequestParserMutationTests {
    /// SplitMix64 (Steele, Lea and Flood 2014).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let seeds = [
        "GET /faces/42.png?truncation=0.7 HTTP/1.1\r\nHost: a:80\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
        "PUT http://a/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\n0\r\nT: 1\r\n\r\n",
    ].map { Array($0.utf8) }

    /// Bytes that matter to the grammar, and a few that must not.
    private static let alphabet = Array("\r\n\t :;,0129aAfF+-=%*/?#@[]\"xX\u{0}\u{1}\u{7f}".utf8) + [0x80, 0xFF]

    private static func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            case 2 where bytes.count > 1: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
            }
        }
        return bytes
    }

    @Test(arguments: 0..<8)
    func anyBytesHaveOneOutcomeHoweverTheyAreSplit(seed: Int) {
        var generator = Generator(state: UInt64(seed))
        for _ in 0..<500 {
            let bytes = Self.mutate(Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)], &generator)
            let whole = ParserDriver.outcome([bytes[...]])
            let single = ParserDriver.outcome(bytes.indices.map { bytes[$0...$0] })
            let split = Int.random(in: 0...bytes.count, using: &generator)
            let halves = ParserDriver.outcome([bytes[..<split], bytes[split...]])
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(whole == single && whole == halves, "\(text.debugDescription)")
        }
    }

    @Test(arguments: 0..<8)
    func anyBytesLeaveTheStateMachineBoundedAndFinished(seed: Int) {
        var generator = Generator(state: UInt64(100 + seed))
        for _ in 0..<300 {
            var driver = MachineDriver()
            driver.receive(
                String(
                    decoding: Self.mutate(Self.seeds.randomElement(using: &generator) ?? [], &generator), as: UTF8.self)
            )
            driver.end()
            for id in 0..<8 {
                driver.respond(id)
            }
            #expect(driver.take().last == "close")
            #expect(driver.machine.phase == .closed)
            #expect(driver.machine.deadline == nil)
        }
    }
}
