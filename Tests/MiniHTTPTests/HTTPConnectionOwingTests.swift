// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

/// What a connection owes and is owed decides whether it rests, reads, waits and closes.
@Suite struct HTTPConnectionOwingTests {
    private static let get = MachineDriver.get("/")

    struct RestRow: Sendable, CustomTestStringConvertible {
        let reason: String
        let isResting: Bool
        let events: @Sendable (inout MachineDriver) -> Void
        var testDescription: String { reason }
    }

    @Test(arguments: [
        RestRow(reason: "new", isResting: true) { _ in },
        RestRow(reason: "a head has begun", isResting: false) { $0.receive("GET / HT") },
        RestRow(reason: "a body is due", isResting: false) {
            $0.receive("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        },
        RestRow(reason: "a handler runs", isResting: false) { $0.receive(Self.get) },
        RestRow(reason: "a response waits for the client", isResting: false) {
            $0.isSocketWritable = false
            $0.receive(Self.get)
            $0.respond(0)
        },
        RestRow(reason: "all is answered and sent", isResting: true) {
            $0.receive(Self.get)
            $0.respond(0)
        },
        RestRow(reason: "it lingers", isResting: false) {
            $0.receive(MachineDriver.get("/", "Connection: close\r\n"))
            $0.respond(0)
        },
        RestRow(reason: "it is closed", isResting: false) { $0.fail() },
        RestRow(reason: "the client has ended", isResting: false) { $0.end() },
        RestRow(reason: "the client has ended and waits", isResting: false) {
            $0.receive(Self.get)
            $0.end()
        },
    ])
    func restsWhileNothingIsOwed(_ row: RestRow) {
        var driver = MachineDriver()
        row.events(&driver)
        #expect(driver.machine.isResting == row.isResting)
    }

    @Test func whatComesAfterTheLastRequestIsReadUpToABound() {
        var driver = MachineDriver()
        driver.receive(MachineDriver.get("/", "Connection: close\r\n"))
        let piece = String(repeating: "x", count: 64 * 1024)
        for _ in 0..<15 {
            driver.receive(piece)
        }
        #expect(driver.machine.wantsRead)
        driver.receive(piece)
        #expect(!driver.machine.wantsRead)
    }

    @Test func shutdownSendsWhatWaitsForTheClient() {
        var driver = MachineDriver()
        driver.isSocketWritable = false
        driver.receive(Self.get)
        driver.respond(0)
        _ = driver.take()
        driver.shutdown()
        #expect(driver.take() == [])
        driver.drain(100)
        #expect(driver.take() == ["shutdownWrite"])
    }

    @Test func writeDeadlineIsRenewedByProgressAlone() {
        var driver = MachineDriver(.init(timeouts: HTTPTimeouts(write: .seconds(30))))
        driver.isSocketWritable = false
        driver.receive(Self.get)
        driver.respond(0, bodyBytes: 1_000_000)
        driver.advance(.seconds(10))
        driver.drain(64 * 1024)
        #expect(driver.secondsToDeadline == 30)
        driver.advance(.seconds(10))
        driver.drain(1)
        #expect(driver.secondsToDeadline == 20)
    }

    @Test func probesFollowEachOtherAtTheirInterval() {
        var driver = MachineDriver(.init(timeouts: HTTPTimeouts(halfClosedProbe: .seconds(5))))
        driver.receive(Self.get)
        driver.end()
        _ = driver.take()
        for _ in 0..<3 {
            #expect(driver.secondsToDeadline == 5)
            driver.advance(.seconds(5))
            #expect(driver.take() == ["interim 102"])
        }
    }

    @Test func probeIsNeitherPutOffNorSentBesideAnAnswer() {
        var driver = MachineDriver()
        driver.receive(Self.get + Self.get)
        driver.end()
        driver.advance(.seconds(1))
        driver.respond(1)
        #expect(driver.secondsToDeadline == 1)
        driver = MachineDriver()
        driver.isSocketWritable = false
        driver.receive(Self.get + Self.get)
        driver.end()
        driver.respond(0)
        #expect(driver.secondsToDeadline == 30, "the write's alone")
    }

    @Test func clientThatDoesNotReadIsNotWaitedForToWrite() {
        var driver = MachineDriver(.init(timeouts: HTTPTimeouts(idle: .seconds(4))))
        driver.isSocketWritable = false
        driver.receive(Self.get)
        driver.respond(0, bodyBytes: 1)
        #expect(driver.secondsToDeadline == 30, "no next request is due")
        driver = MachineDriver(.init(timeouts: HTTPTimeouts(header: .seconds(3)), maxWriteBufferBytes: 100))
        driver.isSocketWritable = false
        driver.receive(Self.get + "GET / HT")
        driver.respond(0, bodyBytes: 200)
        #expect(driver.secondsToDeadline == 30, "nor is the rest of one")
    }

    @Test func continueIsLeftOutWhenTheBodyComesWhileItWaits() {
        var driver = MachineDriver()
        driver.receive(Self.get)
        driver.receive("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        driver.receive("o")
        _ = driver.take()
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive"])
    }

    @Test func closingResponseTakesBackTheContinue() {
        var driver = MachineDriver()
        driver.receive(Self.get)
        driver.receive("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        _ = driver.take()
        driver.respond(0, headers: ["Connection": "close"])
        #expect(driver.take() == ["send 200 close", "shutdownWrite"])
    }

    @Test func endFollowsAResponseWithoutABodyOnceThatIsSent() {
        var driver = MachineDriver()
        driver.isSocketWritable = false
        driver.receive(MachineDriver.get("/", "Connection: close\r\n"))
        _ = driver.take()
        driver.respond(0, .noContent)
        #expect(driver.take() == ["send 204 close"])
        driver.drain(100)
        #expect(driver.take() == ["shutdownWrite"])
    }

    @Test func inputThatIsNotProcessedIsNotKept() {
        var driver = MachineDriver()
        driver.receive(MachineDriver.get("/", "Connection: close\r\n") + Self.get)
        #expect(driver.machine.backlog.isEmpty)
        driver = MachineDriver(.init(maxPipelinedRequests: 1))
        driver.receive(Self.get + Self.get)
        #expect(!driver.machine.backlog.isEmpty)
        driver.respond(0, headers: ["Connection": "close"])
        #expect(driver.machine.backlog.isEmpty)
    }

    @Test func nothingFollowsTheEnd() {
        var driver = MachineDriver()
        driver.isSocketWritable = false
        driver.receive(Self.get + Self.get)
        driver.respond(0)
        driver.fail()
        _ = driver.take()
        driver.respond(1)
        driver.drain(1)
        driver.receive(Self.get)
        driver.end()
        driver.shutdown()
        #expect(driver.take() == [])
        #expect(driver.machine.deadline == nil)
        #expect(!driver.machine.wantsRead)
    }
}
