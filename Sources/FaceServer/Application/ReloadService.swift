// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import UnixSignals

/// Loads changed models anew at each SIGHUP, until the server is told to stop.
struct ReloadService: Service {
    let reload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await reload()
        }
    }
}
