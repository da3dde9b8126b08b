// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPConnectionStateMachineTests {
    private func get(_ path: String, _ fields: String = "") -> String { MachineDriver.get(path, fields) }

    @Test func answersAndWaitsForTheNextRequest() {
        var driver = MachineDriver()
        driver.receive(get("/"))
        #expect(driver.take() == ["start 0 GET /"])
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive"])
        #expect(driver.machine.wantsRead)
        driver.receive(get("/2"))
        #expect(driver.take() == ["start 1 GET /2"])
    }

    struct KeepAliveRow: Sendable, CustomTestStringConvertible {
        let reason: String
        let head: String
        let expected: String
        var testDescription: String { reason }
    }

    @Test(arguments: [
        KeepAliveRow(reason: "1.1 stays", head: "HTTP/1.1\r\nHost: a", expected: "keep-alive"),
        KeepAliveRow(reason: "1.1 with close", head: "HTTP/1.1\r\nHost: a\r\nConnection: x, Close", expected: "close"),
        KeepAliveRow(reason: "1.0 closes", head: "HTTP/1.0", expected: "close"),
        KeepAliveRow(reason: "1.0 with keep-alive", head: "HTTP/1.0\r\nConnection: Keep-Alive", expected: "keep-alive"),
        KeepAliveRow(
            reason: "close wins", head: "HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close",
            expected: "close"),
    ])
    func persistenceFollowsTheRequest(_ row: KeepAliveRow) {
        var driver = MachineDriver()
        driver.receive("GET / \(row.head)\r\n\r\n")
        driver.respond(0)
        #expect(driver.take().dropFirst().first == "send 200 \(row.expected)")
    }

    @Test func pipelinedResponsesKeepTheOrderOfTheRequests() {
        var driver = MachineDriver()
        driver.receive(get("/0") + get("/1") + get("/2"))
        #expect(driver.take() == ["start 0 GET /0", "start 1 GET /1", "start 2 GET /2"])
        driver.respond(2, .notFound)
        driver.respond(1, .noContent)
        #expect(driver.take() == [])
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "send 204 keep-alive", "send 404 keep-alive"])
    }

    @Test func unsafeRequestsRunAlone() {
        var driver = MachineDriver()
        driver.receive(get("/0") + "DELETE /1 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/2"))
        #expect(driver.take() == ["start 0 GET /0"])
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "start 1 DELETE /1"])
        driver.respond(1)
        #expect(driver.take() == ["send 200 keep-alive", "start 2 GET /2"])
    }

    @Test func readingPausesAtThePipelineBound() {
        var driver = MachineDriver(.init(maxPipelinedRequests: 2))
        driver.receive(get("/0") + get("/1") + get("/2") + get("/3"))
        #expect(driver.take() == ["start 0 GET /0", "start 1 GET /1"])
        #expect(!driver.machine.wantsRead)
        #expect(driver.machine.deadline == nil)
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "start 2 GET /2"])
        driver.respond(1)
        driver.respond(2)
        driver.respond(3)
        #expect(driver.take().last == "send 200 keep-alive")
        #expect(driver.machine.wantsRead)
    }

    @Test func nothingStartsWhileTheClientDoesNotRead() {
        var driver = MachineDriver(.init(maxWriteBufferBytes: 1000))
        driver.isSocketWritable = false
        driver.receive("POST /0 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/1"))
        driver.respond(0, bodyBytes: 2000)
        #expect(driver.take() == ["start 0 POST /0", "send 200 keep-alive"])
        #expect(!driver.machine.wantsRead)
        driver.drain(2100)
        #expect(driver.take() == ["start 1 GET /1"])
        #expect(driver.machine.wantsRead)
    }

    @Test func parseErrorIsAnsweredAfterEarlierRequestsThenLingers() {
        var driver = MachineDriver()
        driver.receive(get("/0") + "BAD\r\n\r\n" + get("/2"))
        #expect(driver.take() == ["start 0 GET /0"])
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "send 400 close", "shutdownWrite"])
        #expect(driver.machine.phase == .lingering)
        driver.receive("more")
        #expect(driver.take() == [])
        driver.end()
        #expect(driver.take() == ["close"])
    }

    struct ReportRow: Sendable, CustomTestStringConvertible {
        let reason: String
        let input: String
        let expected: [String]
        var testDescription: String { reason }
    }

    @Test(arguments: [
        ReportRow(reason: "a request is the handler's", input: MachineDriver.get("/0"), expected: []),
        ReportRow(reason: "no request line", input: "BAD\r\n\r\n", expected: ["400 -"]),
        ReportRow(reason: "a bad field", input: "GET /a?b HTTP/1.1\r\nHo st: a\r\n", expected: ["400 GET /a"]),
        ReportRow(
            reason: "too large a body", input: "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
            expected: ["413 PUT /a"]),
        ReportRow(
            reason: "after its turn has come", input: MachineDriver.get("/0") + "GET / HTTP/2.0\r\n\r\n", expected: []),
    ])
    func refusalIsReported(_ row: ReportRow) {
        var driver = MachineDriver()
        driver.receive(row.input)
        #expect(driver.reports == row.expected)
    }

    @Test func refusalIsReportedWhenItIsSent() {
        var driver = MachineDriver()
        driver.receive(get("/0") + "GET / HTTP/2.0\r\n\r\n")
        driver.respond(0)
        #expect(driver.reports == ["505 -"])
    }

    @Test func refusalOfHeadHasNoBody() {
        var contexts: [Bool] = []
        for method in ["HEAD", "GET"] {
            var machine = HTTPConnection.StateMachine(settings: .init(), now: .now)
            let actions = Array("\(method) / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes {
                machine.received($0, now: .now)
            }
            for case .send(_, let context) in actions { contexts.append(context.isHead) }
        }
        #expect(contexts == [true, false])
    }

    @Test func lateRequestIsReported() {
        var driver = MachineDriver()
        driver.receive("GET /late HTTP/1.1\r\n")
        driver.advance(.seconds(10))
        #expect(driver.reports == ["408 GET /late"])
    }

    @Test func lingeringEndsAfterItsTime() {
        var driver = MachineDriver()
        driver.receive("BAD\r\n\r\n")
        _ = driver.take()
        driver.advance(.seconds(1))
        #expect(driver.take() == [])
        driver.advance(.seconds(1))
        #expect(driver.take() == ["close"])
    }

    @Test func lingeringEndsAfterTooManyBytes() {
        var driver = MachineDriver()
        driver.receive("BAD\r\n\r\n")
        _ = driver.take()
        for _ in 0..<16 {
            driver.receive(String(repeating: "x", count: 64 * 1024))
        }
        #expect(driver.take() == ["close"])
    }

    @Test func nothingAfterCloseIsProcessed() {
        var driver = MachineDriver()
        driver.receive(get("/0", "Connection: close\r\n") + get("/1"))
        #expect(driver.take() == ["start 0 GET /0"])
        driver.respond(0)
        #expect(driver.take() == ["send 200 close", "shutdownWrite"])
    }

    @Test func responseWithCloseEndsThePipeline() {
        var driver = MachineDriver()
        driver.receive(get("/0") + get("/1"))
        _ = driver.take()
        driver.respond(0, headers: ["Connection": "close"])
        #expect(driver.take() == ["cancel 1", "send 200 close", "shutdownWrite"])
        driver.respond(1)
        #expect(driver.take() == [])
    }

    @Test func unreadBodyDoesNotDesynchronise() {
        var driver = MachineDriver()
        let body = get("/evil")
        driver.receive("POST /0 HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body + get("/1"))
        driver.respond(0)
        #expect(driver.take() == ["start 0 POST /0", "send 200 keep-alive", "start 1 GET /1"])
    }

    // MARK: Expect

    @Test func continueIsSentBeforeTheBody() {
        var driver = MachineDriver()
        driver.receive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(driver.take() == ["interim 100"])
        driver.receive("ab")
        #expect(driver.take() == ["start 0 POST /"])
    }

    @Test func continueIsLeftOutWhenTheBodyHasBegun() {
        var driver = MachineDriver()
        driver.receive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\na")
        #expect(driver.take() == [])
        driver.receive("b")
        #expect(driver.take() == ["start 0 POST /"])
    }

    @Test func continueWaitsForEarlierResponses() {
        var driver = MachineDriver()
        driver.receive(get("/0") + "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(driver.take() == ["start 0 GET /0"])
        #expect(driver.machine.deadline == nil)
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "interim 100"])
        #expect(driver.secondsToDeadline == 30)
    }

    @Test func tooLargeBodyIsRefusedWithoutContinue() {
        var driver = MachineDriver()
        driver.receive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
        #expect(driver.take() == ["send 413 close", "shutdownWrite"])
    }

    // MARK: Deadlines

    @Test func silentConnectionClosesAfterTheHeaderTimeout() {
        var driver = MachineDriver()
        driver.advance(.seconds(9))
        #expect(driver.take() == [])
        driver.advance(.seconds(1))
        #expect(driver.take() == ["close"])
    }

    @Test func headerTimeoutIsNotRenewedByBytes() {
        var driver = MachineDriver()
        driver.receive("GET / HT")
        for byte in "TP/1.1" {
            driver.advance(.seconds(1))
            driver.receive(String(byte))
        }
        #expect(driver.secondsToDeadline == 4)
        driver.advance(.seconds(4))
        #expect(driver.take() == ["send 408 close", "shutdownWrite"])
    }

    @Test func bodyTimeoutIsNotRenewedByBytes() {
        var driver = MachineDriver()
        driver.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
        #expect(driver.secondsToDeadline == 30)
        driver.advance(.seconds(29))
        driver.receive("a")
        driver.advance(.seconds(1))
        #expect(driver.take() == ["send 408 close", "shutdownWrite"])
    }

    @Test func idleTimeoutAfterAResponse() {
        var driver = MachineDriver()
        driver.receive(get("/"))
        #expect(driver.machine.deadline == nil)
        driver.respond(0)
        #expect(driver.secondsToDeadline == 60)
        driver.advance(.seconds(50))
        driver.receive("G")
        #expect(driver.secondsToDeadline == 10)
        driver.advance(.seconds(10))
        #expect(driver.take().last == "shutdownWrite")
    }

    @Test func emptyLineBetweenRequestsKeepsTheIdleTimeout() {
        var driver = MachineDriver()
        driver.receive(get("/"))
        driver.respond(0)
        driver.receive("\r\n")
        #expect(driver.secondsToDeadline == 60)
    }

    @Test func slowReaderIsReset() {
        var driver = MachineDriver()
        driver.isSocketWritable = false
        driver.receive(get("/"))
        driver.respond(0, bodyBytes: 200 * 1024)
        #expect(driver.secondsToDeadline == 30)
        driver.advance(.seconds(20))
        driver.drain(1024)
        #expect(driver.secondsToDeadline == 10)
        driver.drain(64 * 1024)
        #expect(driver.secondsToDeadline == 30)
        _ = driver.take()
        driver.advance(.seconds(30))
        #expect(driver.take() == ["reset"])
    }

    // MARK: Disconnects

    @Test func halfClosedClientIsAnswered() {
        var driver = MachineDriver()
        driver.receive(get("/0"))
        driver.end()
        #expect(driver.take() == ["start 0 GET /0"])
        #expect(!driver.machine.wantsRead)
        driver.respond(0)
        #expect(driver.take() == ["send 200 close", "close"])
    }

    @Test func halfClosedClientIsProbedWhileItWaits() {
        var driver = MachineDriver()
        driver.receive(get("/0"))
        driver.end()
        _ = driver.take()
        driver.advance(.seconds(2))
        driver.advance(.seconds(2))
        #expect(driver.take() == ["interim 102", "interim 102"])
        driver.fail()
        #expect(driver.take() == ["cancel 0", "close"])
    }

    @Test func halfClosedClientOf10IsNotProbed() {
        var driver = MachineDriver()
        driver.receive("GET /0 HTTP/1.0\r\n\r\n")
        driver.end()
        #expect(driver.machine.deadline == nil)
    }

    @Test func inputBeyondTheBoundIsAnsweredAfterHalfClose() {
        var driver = MachineDriver(.init(maxPipelinedRequests: 1))
        driver.receive(get("/0") + get("/1"))
        driver.end()
        driver.respond(0)
        driver.respond(1)
        #expect(
            driver.take() == ["start 0 GET /0", "send 200 keep-alive", "start 1 GET /1", "send 200 close", "close"])
    }

    @Test func endInTheMiddleOfARequestIs400() {
        var driver = MachineDriver()
        driver.receive("GET / HTTP/1.1\r\nHo")
        driver.end()
        #expect(driver.take() == ["send 400 close", "close"])
    }

    @Test func endBetweenRequestsCloses() {
        var driver = MachineDriver()
        driver.end()
        #expect(driver.take() == ["close"])
    }

    @Test func resetCancelsEveryHandler() {
        var driver = MachineDriver()
        driver.receive(get("/0") + get("/1"))
        _ = driver.take()
        driver.fail()
        #expect(driver.take() == ["cancel 0", "cancel 1", "close"])
        driver.respond(0)
        driver.receive(get("/2"))
        driver.end()
        driver.shutdown()
        #expect(driver.take() == [])
        #expect(driver.machine.deadline == nil)
        #expect(!driver.machine.wantsRead)
    }

    // MARK: Shutdown

    @Test func shutdownClosesAnIdleConnection() {
        var driver = MachineDriver()
        driver.shutdown()
        #expect(driver.take() == ["close"])
    }

    @Test func shutdownAnswersWhatIsInFlight() {
        var driver = MachineDriver()
        driver.receive(get("/0") + get("/1"))
        _ = driver.take()
        driver.shutdown()
        driver.receive(get("/2"))
        driver.respond(0)
        driver.respond(1)
        #expect(driver.take() == ["send 200 keep-alive", "send 200 close", "shutdownWrite"])
    }

    @Test func shutdownLetsARequestArriveThatHasBegun() {
        var driver = MachineDriver()
        driver.receive("GET /0 HTTP/1.1\r\n")
        driver.shutdown()
        #expect(driver.take() == [])
        driver.receive("Host: a\r\n\r\n")
        driver.respond(0)
        #expect(driver.take() == ["start 0 GET /0", "send 200 close", "shutdownWrite"])
    }
}
