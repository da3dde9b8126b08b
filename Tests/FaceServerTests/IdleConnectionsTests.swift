// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct IdleConnectionsTests {
    private static let count = 10_000
    private let folder = TemporaryFolder()

    /// Each end has a process of its own, so that each needs no more descriptors than this.
    @Test(
        .timeLimit(.minutes(2)),
        .enabled(
            if: DescriptorLimit.raise(to: count + 500), "the limit on open files cannot be raised to 10,500"))
    func tenThousandIdleConnectionsTakeLittleMemoryAndNobodysTurn() async throws {
        let configuration = "http: {port: 0, maxConnections: \(Self.count + 100), idleTimeout: 10m}\nlog.level: error\n"
        let file = try folder.write(configuration, to: "a.yaml")
        try await onThread {
            let server = try ServerProcess(["serve", "--config", file], folder: folder)
            let port = try #require(try server.port())
            let idle = try (0..<Self.count).map { _ in
                let client = try RawHTTPClient(port: port)
                try client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.readResponse().status == 200)
                return client
            }
            let newcomer = try RawHTTPClient(port: port)
            try newcomer.send("GET /faces/42.png HTTP/1.1\r\nHost: a\r\n\r\n")
            let face = try newcomer.readResponse()
            #expect(face.status == 200)
            #expect(face.body.starts(with: [0x89] + Array("PNG".utf8)))
            #expect(try #require(try server.residentBytes()) < 200 * 1024 * 1024)
            // None was closed to make room.
            for client in idle {
                try client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.readResponse().status == 200)
            }
        }
    }
}
