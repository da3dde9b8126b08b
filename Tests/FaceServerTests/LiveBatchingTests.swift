// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// The whole server with its sockets under concurrent requests.
@Suite(.timeLimit(.minutes(2))) struct LiveBatchingTests {
    /// Serves while `body` runs, which is given the port.
    private func serve(
        _ flags: [String: String] = [:], _ body: @escaping @Sendable (Application, Int) throws -> Void
    ) async throws {
        let (addresses, announced) = AsyncStream<SocketAddress>.makeStream()
        let configuration = try await ServerConfiguration.load(
            flags: ["http.port": "0", "workers.count": "2"].merging(flags) { $1 }, environment: [:])
        let application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical),
            announce: { announced.yield($0) })
        let run = Task { try await application.run() }
        var iterator = addresses.makeAsyncIterator()
        let port = try #require(await iterator.next()).port
        try await onThread { try body(application, port) }
        run.cancel()
        _ = await run.result
    }

    private static func request(_ target: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
    }

    /// How many batches there were, and how many faces in them.
    private static func batches(_ application: Application) -> (count: Int, faces: Int) {
        let series = application.metrics.batchSize.values.first?.series
        return (series?.counts.reduce(0, +) ?? 0, Int(series?.sum ?? 0))
    }

    @Test func concurrentRequestsFormBatchesAndGetTheSameBytes() async throws {
        try await serve(["cache.maxBytes": "0"]) { application, port in
            let targets = (0..<64).map { "/faces/\($0).png?truncation=1&size=128" }
            let clients = try targets.map { _ in try RawHTTPClient(port: port) }
            for (client, target) in zip(clients, targets) {
                try client.send(Self.request(target))
            }
            let together = try clients.map { try $0.readResponse() }
            #expect(together.allSatisfy { $0.status == 200 })
            let batches = Self.batches(application)
            #expect(batches.faces == 64)
            #expect(batches.count < 64, "some batches are larger than 1")

            let alone = try targets.map { target in
                try clients[0].send(Self.request(target))
                return try clients[0].readResponse()
            }
            #expect(Self.batches(application).count == batches.count + 64, "one by one")
            #expect(alone.map(\.body) == together.map(\.body))
            #expect(Set(alone.map(\.body)).count == 64)
        }
    }

    @Test func oneFaceForTwoHundredClientsIsComputedOnce() async throws {
        try await serve { application, port in
            let clients = try (0..<200).map { _ in try RawHTTPClient(port: port) }
            for client in clients {
                try client.send(Self.request("/faces/42.png?size=128"))
            }
            let faces = try clients.map { try $0.readResponse() }
            #expect(faces.allSatisfy { $0.status == 200 && $0.body == faces[0].body })
            #expect(Self.batches(application).faces == 1)
        }
    }

    @Test func vanishingClientsLeaveTheQueue() async throws {
        try await serve(["workers.count": "1", "batch.maxSize": "1"]) { application, port in
            let clients = try (0..<200).map { _ in try RawHTTPClient(port: port) }
            for (seed, client) in clients.enumerated() {
                try client.send(Self.request("/faces/\(seed).png?size=128"))
                client.reset()
            }
            while application.faces.batcher.status.waiting > 0 || application.faces.flights.count > 0 {}
            #expect(Self.batches(application).faces < 200)
            let client = try RawHTTPClient(port: port)
            try client.send(Self.request("/faces/1000.png"))
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func overloadRefusesNewFacesAndServesCachedOnes() async throws {
        try await serve(["workers.count": "1", "queue.maxDepth": "1", "batch.maxSize": "1"]) { application, port in
            let clients = try (0..<64).map { _ in try RawHTTPClient(port: port) }
            try clients[0].send(Self.request("/faces/1000.png"))
            #expect(try clients[0].readResponse().status == 200)
            for (seed, client) in clients.enumerated() {
                try client.send(Self.request("/faces/\(seed).png?size=128") + Self.request("/faces/1000.png"))
            }
            var statuses: [Int] = []
            for client in clients {
                let response = try client.readResponse()
                statuses.append(response.status)
                if response.status == 503 {
                    #expect(response["Retry-After"].flatMap { Int($0) } ?? 0 >= 1)
                }
                #expect(try client.readResponse().status == 200, "the cached face")
            }
            #expect(statuses.contains(200) && statuses.contains(503))
            #expect(Set(statuses).subtracting([200, 503]).isEmpty)
            #expect(application.readiness.isReady)
        }
    }

    @Test func passedTimeoutIsAnsweredWith504() async throws {
        try await serve(["workers.count": "1", "batch.maxSize": "1"]) { application, port in
            let clients = try (0..<100).map { _ in try RawHTTPClient(port: port) }
            for (seed, client) in clients.enumerated() {
                try client.send(Self.request("/faces/\(seed).png?size=128&timeout=10ms"))
            }
            let responses = try clients.map { try $0.readResponse() }
            let late = responses.filter { $0.status == 504 }
            #expect(!late.isEmpty)
            #expect(late.first?.text.contains("within the request's timeout of 10ms") == true)
            #expect(responses.allSatisfy { [200, 504].contains($0.status) })
            #expect(Self.batches(application).faces < 100, "late requests are not computed")
        }
    }
}
