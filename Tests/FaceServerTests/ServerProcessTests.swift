// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

/// The program itself: signals, exit statuses, and faults that cannot be had within the tests' process.
@Suite(.timeLimit(.minutes(2)), .serialized) struct ServerProcessTests {
    private let folder = TemporaryFolder()

    private func start(
        _ arguments: [String] = [], configuration: String = "", prelude: String? = nil
    ) throws -> (server: ServerProcess, port: Int) {
        let file = try folder.write("http.port: 0\n" + configuration, to: "a.yaml")
        let server = try ServerProcess(["serve", "--config", file] + arguments, prelude: prelude, folder: folder)
        let port = try server.port()
        return (server, try #require(port))
    }

    private func get(_ target: String, port: Int) throws -> RawHTTPClient.Response {
        let client = try RawHTTPClient(port: port)
        defer { client.close() }
        try client.send("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return try client.readResponse()
    }

    /// Returns once nothing listens any more.
    private func waitUntilRefused(port: Int) {
        while let client = try? RawHTTPClient(port: port) {
            client.close()
        }
    }

    @Test func requestsInProgressAreAnsweredAfterSIGTERM() async throws {
        try await onThread {
            let (server, port) = try start()
            let clients = try (0..<32).map { _ in try RawHTTPClient(port: port) }
            for client in clients {
                // So that the connection has been accepted.
                try client.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.readResponse().status == 200)
            }
            for (seed, client) in clients.enumerated() {
                try client.send("GET /faces/\(seed).png?size=128 HTTP/1.1\r\nHost: x\r\n\r\n")
            }
            server.send(SIGTERM)
            for client in clients {
                let response = try client.readResponse()
                #expect(response.status == 200)
                #expect(PNGChunks(response.body).size == [128, 128])
            }
            #expect(server.waitForExit() == .status(0))
        }
    }

    @Test func whatIsNoRequestIsLoggedAndCounted() async throws {
        try await onThread {
            let (server, port) = try start()
            let client = try RawHTTPClient(port: port)
            try client.send("PUT /a?secret HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
            #expect(try client.readResponse().status == 413)
            #expect(try client.readToEnd() == "")
            let page = try get("/metrics", port: port).text
            #expect(page.contains(#"faceserver_request_duration_seconds_count{route="none",status="413"} 1"#))
            server.send(SIGTERM)
            #expect(server.waitForExit() == .status(0))
            let line = try server.errorText().split(separator: "\n").first { $0.contains("status=413") }
            #expect(line?.contains("client=127.0.0.1 duration_ms=0 method=PUT path=/a status=413") == true)
        }
    }

    @Test func drainingServerIsUnreadyAndASecondSIGTERMEndsIt() async throws {
        try await onThread {
            let (server, port) = try start()
            let clients = try (0..<2).map { _ in try RawHTTPClient(port: port) }
            for client in clients {
                try client.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.readResponse().status == 200)
                // Half a request keeps the server from ending.
                try client.send("GET /readyz HTTP/1.1\r\nHost: x\r\n")
            }
            // A request whose beginning has been read, for the server reads each connection in order.
            _ = try get("/healthz", port: port)
            server.send(SIGTERM)
            waitUntilRefused(port: port)
            try clients[0].send("\r\n")
            #expect(try clients[0].readResponse().status == 503)
            server.send(SIGTERM)
            #expect(server.waitForExit() == .status(143))
            clients[1].close()
        }
    }

    /// What is done to standard error before the server starts.
    struct Log: Sendable, CustomTestStringConvertible {
        /// `F` is a path that is free.
        let prelude: String
        let testDescription: String
    }

    @Test(arguments: [
        Log(prelude: "mkfifo F; exec 3<>F 2>F", testDescription: "nobody reads it"),
        Log(prelude: "mkfifo F; exec 3<>F; exec 2>F 3<&-", testDescription: "whoever read it is gone"),
        Log(prelude: "exec 2>&-", testDescription: "it is closed"),
    ])
    func logHoldsNobodyUp(_ log: Log) async throws {
        try await onThread {
            let path = try folder.write("", to: "b")
            try FileManager.default.removeItem(atPath: path)
            let (server, port) = try start(prelude: log.prelude.replacingOccurrences(of: "F", with: path))
            let client = try RawHTTPClient(port: port)
            // Some 180 bytes of log each, and a pipe takes 64 KiB.
            for _ in 0..<1000 {
                try client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.readResponse().status == 200)
            }
            server.send(SIGTERM)
            #expect(server.waitForExit() == .status(0))
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let message: String
        let testDescription: String
    }

    @Test(arguments: [
        Failure(
            arguments: ["--port", "x"], message: "http.port is 'x', expected an integer from 0 to 65535",
            testDescription: "a bad value"),
        Failure(
            arguments: ["--config", "/nowhere.yaml"], message: "/nowhere.yaml: no such file, or not readable",
            testDescription: "a missing configuration"),
        Failure(
            arguments: ["--model", "/nowhere.pkl"], message: "/nowhere.pkl: cannot open: No such file or directory",
            testDescription: "a missing model"),
        Failure(
            arguments: ["--model", "/etc/passwd"], message: "/etc/passwd: ", testDescription: "a model that is none"),
    ])
    func startFailsFastWithOneLine(_ failure: Failure) async throws {
        try await onThread {
            let server = try ServerProcess(["serve", "--port", "0"] + failure.arguments, folder: folder)
            #expect(server.waitForExit() == .status(1))
            let text = try server.errorText()
            #expect(text.hasPrefix("faceserver: \(failure.message)"), "\(text)")
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(text)")
            #expect(try server.port() == nil, "nothing on standard output")
        }
    }

    @Test func busyPortIsNamed() async throws {
        try await onThread {
            let (first, port) = try start()
            let second = try ServerProcess(["serve", "--port", "\(port)"], folder: folder)
            #expect(second.waitForExit() == .status(1))
            let text = try second.errorText()
            #expect(text == "faceserver: cannot listen on 127.0.0.1:\(port): Address already in use\n")
            first.send(SIGTERM)
            #expect(first.waitForExit() == .status(0))
        }
    }

    @Test func hangUpSignalLoadsTheChangedModel() async throws {
        try await onThread {
            let path = try folder.tinyModel("a.safetensors")
            let (server, port) = try start(["--model", path])
            let before = try get("/faces/1.png", port: port)
            try TinyModel.write(variant: 2, to: path)
            server.send(SIGHUP)
            var after = before
            while after["ETag"] == before["ETag"] {
                after = try get("/faces/1.png", port: port)
                #expect(after.status == 200)
            }
            #expect(after.body != before.body)

            try FileManager.default.removeItem(atPath: path)
            server.send(SIGHUP)
            while !(try server.errorText().contains("not reloaded")) {
                #expect(try get("/faces/1.png", port: port)["ETag"] == after["ETag"])
            }
            server.send(SIGTERM)
            #expect(server.waitForExit() == .status(0))
        }
    }

    @Test func diskThatTakesNoMoreIsNotNoticed() async throws {
        try await onThread {
            // Files may have one block of 512 bytes, and a longer write fails halfway instead of killing the process.
            let (server, port) = try start(
                configuration: "cache: {directory: \(folder.path)/cache, maxBytes: 0}",
                prelude: "trap '' XFSZ; ulimit -f 1")
            for _ in 0..<3 {
                #expect(try get("/faces/1.png", port: port).status == 200)
            }
            var metrics = ""
            while !metrics.contains("faceserver_cache_faults_total{kind=\"write\"} 3") {
                metrics = try get("/metrics", port: port).text
            }
            let files = FileManager.default.enumerator(atPath: folder.path + "/cache")?.compactMap { $0 as? String }
            #expect(files?.filter { $0.contains("/") } == [], "no half of a file is left")
            server.send(SIGTERM)
            #expect(server.waitForExit() == .status(0))
        }
    }

    @Test func entriesSurviveAKilledProcess() async throws {
        try await onThread {
            let cache = "cache: {directory: \(folder.path)/cache, maxBytes: 0}"
            let (first, port) = try start(configuration: cache)
            let faces = try (0..<40).map { try get("/faces/\($0).png", port: port).body }
            first.send(SIGKILL)
            #expect(first.waitForExit() == .signal(SIGKILL))

            let (second, secondPort) = try start(configuration: cache)
            for (seed, face) in faces.enumerated() {
                #expect(try get("/faces/\(seed).png", port: secondPort).body == face)
            }
            let metrics = try get("/metrics", port: secondPort).text
            #expect(metrics.contains("faceserver_cache_faults_total{kind=\"corrupt\"} 0"))
            #expect(!metrics.contains("faceserver_cache_hits_total{tier=\"disk\"} 0\n"))
            second.send(SIGTERM)
            #expect(second.waitForExit() == .status(0))
        }
    }
}
