// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Ends the process at once at a SIGTERM or SIGINT that comes while it shuts down already.
///
/// `@unchecked Sendable` because the sources are made in `init`, never changed, and may be cancelled from any thread.
final class ImpatientSignals: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// Listens from now on. The exit status is that of a process which the signal has killed: 128 and the signal's number.
    init() {
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { _exit(128 + number) }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources {
            source.cancel()
        }
    }
}
