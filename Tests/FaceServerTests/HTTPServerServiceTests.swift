// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(1))) struct HTTPServerServiceTests {
    @Test func applicationServesUntilItIsStopped() async throws {
        let (addresses, announced) = AsyncStream<SocketAddress>.makeStream()
        let configuration = try await ServerConfiguration.load(environment: ["PORT": "0"])
        let application = try buildApplication(
            configuration: configuration,
            logger: ProgramLog.standardError(level: .critical),
            announce: { announced.yield($0) }
        )
        let run = Task { try await application.run() }
        var iterator = addresses.makeAsyncIterator()
        let address = try #require(await iterator.next())
        // Other tests keep the machine busy meanwhile.
        let probe = HealthProbe(
            address: ReachableAddress(host: address.host, port: address.port), timeoutSeconds: 30)
        try await onThread { try probe.check() }
        #expect(application.readiness.isReady)

        run.cancel()
        _ = await run.result
        #expect(!application.readiness.isReady)
        #expect(application.faces.batcher.status == .init(waiting: 0, busyWorkers: 0, isDraining: true))
        let failure = await #expect(throws: CommandFailure.self) { try await onThread { try probe.check() } }
        #expect(failure?.description == "\(address): connect: Connection refused")
    }
}
