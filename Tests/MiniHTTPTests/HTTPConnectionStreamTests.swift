// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPConnectionStreamTests {
    private func get(_ path: String, _ fields: String = "") -> String { MachineDriver.get(path, fields) }

    /// A machine whose first request is answered by a stream.
    private func streaming(
        _ settings: HTTPConnection.StateMachine.Settings = .init(), _ input: String = MachineDriver.get("/0")
    ) -> MachineDriver {
        var driver = MachineDriver(settings)
        driver.receive(input)
        driver.respondWithStream(0)
        return driver
    }

    @Test func piecesFollowTheHeadAndTheConnectionStays() {
        var driver = streaming()
        #expect(driver.take() == ["start 0 GET /0", "send 200 keep-alive", "startStream 0"])
        driver.streamed(0, bytes: 3)
        #expect(driver.take() == ["piece 3 chunked", "resumeStream"])
        driver.streamEnded(0)
        #expect(driver.take() == ["lastChunk"])
        #expect(driver.secondsToDeadline == 60)
        driver.receive(get("/1"))
        #expect(driver.take() == ["start 1 GET /1"])
    }

    @Test func http10GetsTheBodyUpToTheEndOfTheConnection() {
        var driver = streaming(.init(), "GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(driver.take() == ["start 0 GET /0", "send 200 close", "startStream 0"])
        driver.streamed(0)
        #expect(driver.take() == ["piece 1 untilClose", "resumeStream"])
        driver.streamEnded(0)
        #expect(driver.take() == ["shutdownWrite"])
    }

    @Test func nothingIsProcessedAfterABodyThatTheEndOfTheConnectionEnds() {
        let request = "GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        var driver = streaming(.init(), request + get("/1"))
        #expect(
            driver.take() == ["start 0 GET /0", "start 1 GET /1", "cancel 1", "send 200 close", "startStream 0"])
    }

    @Test func endOfTheConnectionWaitsForWhatIsNotSent() {
        var driver = streaming(.init(), "GET /0 HTTP/1.0\r\n\r\n")
        driver.isSocketWritable = false
        driver.streamed(0, bytes: 100)
        driver.streamEnded(0)
        #expect(driver.take().last == "resumeStream")
        driver.drain(100)
        #expect(driver.take() == ["shutdownWrite"])
    }

    @Test func http10StaysAfterHead() {
        let driver = streaming(.init(), "HEAD /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(driver.machine.phase == .open)
    }

    @Test(arguments: [
        ("HEAD /0 HTTP/1.1\r\nHost: a\r\n\r\n", HTTPStatus.ok), ("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n", .notModified),
        ("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n", HTTPStatus(code: 205)),
    ])
    func nothingRunsWhereNoBodyIsSent(request: String, status: HTTPStatus) {
        var driver = MachineDriver()
        driver.receive(request)
        driver.respondWithStream(0, status)
        #expect(driver.take().dropFirst() == ["send \(status.code) keep-alive"])
        driver.receive(get("/1"))
        #expect(driver.take() == ["start 1 GET /1"])
    }

    @Test func laterResponsesWaitForTheEndOfTheBody() {
        var driver = streaming(.init(), get("/0") + get("/1"))
        driver.respond(1)
        #expect(driver.take().last == "startStream 0")
        driver.streamEnded(0)
        #expect(driver.take() == ["lastChunk", "send 200 keep-alive"])
    }

    @Test func streamStartsWhenItsTurnComes() {
        var driver = MachineDriver()
        driver.receive(get("/0") + get("/1"))
        driver.respondWithStream(1)
        #expect(driver.take() == ["start 0 GET /0", "start 1 GET /1"])
        driver.respond(0)
        #expect(driver.take() == ["send 200 keep-alive", "send 200 keep-alive", "startStream 1"])
    }

    @Test func requestsThatAreNotSafeWaitForTheEndOfTheBody() {
        var driver = streaming(.init(), get("/0") + "DELETE /1 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(driver.take().last == "startStream 0")
        driver.streamEnded(0)
        #expect(driver.take() == ["lastChunk", "start 1 DELETE /1"])
    }

    @Test func streamWaitsForAClientThatDoesNotRead() {
        var driver = streaming(.init(maxWriteBufferBytes: 1000))
        driver.isSocketWritable = false
        _ = driver.take()
        driver.streamed(0, bytes: 900)
        #expect(driver.take() == ["piece 900 chunked", "resumeStream"])
        driver.streamed(0, bytes: 200)
        #expect(driver.take() == ["piece 200 chunked"])
        driver.drain(50)
        #expect(driver.take() == [])
        driver.drain(100)
        #expect(driver.take() == ["resumeStream"])
    }

    @Test func slowReaderOfAStreamIsReset() {
        var driver = streaming()
        driver.isSocketWritable = false
        driver.streamed(0, bytes: 900)
        #expect(driver.secondsToDeadline == 30)
        _ = driver.take()
        driver.advance(.seconds(30))
        #expect(driver.take() == ["cancel 0", "reset"])
    }

    @Test(arguments: ["1.1\r\nHost: a", "1.0"])
    func incompleteBodyResetsTheConnection(version: String) {
        var driver = streaming(.init(), "GET /0 HTTP/\(version)\r\n\r\n")
        driver.streamed(0)
        _ = driver.take()
        driver.streamEnded(0, isComplete: false)
        #expect(driver.take() == ["reset"])
        #expect(driver.machine.deadline == nil)
    }

    @Test func resetCancelsTheStreamAndWhatItStillSendsIsDropped() {
        var driver = streaming()
        _ = driver.take()
        driver.fail()
        #expect(driver.take() == ["cancel 0", "close"])
        driver.streamed(0)
        driver.streamEnded(0)
        #expect(driver.take() == [])
    }

    @Test func halfClosedClientGetsNoInterimResponseWithinABody() {
        var driver = streaming()
        driver.end()
        #expect(driver.machine.deadline == nil)
        _ = driver.take()
        driver.streamEnded(0)
        #expect(driver.take() == ["lastChunk", "close"])
    }

    @Test func continueWaitsForTheEndOfTheBody() {
        let post = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        var driver = streaming(.init(), get("/0") + post)
        #expect(driver.take().last == "startStream 0")
        driver.streamEnded(0)
        #expect(driver.take() == ["lastChunk", "interim 100"])
    }

    @Test func shutdownLetsABodyCome() {
        var driver = streaming()
        _ = driver.take()
        driver.shutdown()
        driver.streamed(0)
        driver.streamEnded(0)
        #expect(driver.take() == ["piece 1 chunked", "resumeStream", "lastChunk", "shutdownWrite"])
    }
}
