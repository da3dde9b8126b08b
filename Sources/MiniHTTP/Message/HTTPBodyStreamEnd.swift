// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells how a stream ended once nobody holds the stream any more, which is soon after its end. The lock is its own.
final class HTTPBodyStreamEnd: Sendable {
    private let tell: @Sendable (_ bytes: Int, _ outcome: HTTPBodyStream.Outcome) -> Void
    private let state = Mutex((bytes: 0, outcome: HTTPBodyStream.Outcome.abandoned))

    init(_ tell: @escaping @Sendable (_ bytes: Int, _ outcome: HTTPBodyStream.Outcome) -> Void) {
        self.tell = tell
    }

    deinit {
        let (bytes, outcome) = state.withLock { $0 }
        tell(bytes, outcome)
    }

    var outcome: HTTPBodyStream.Outcome {
        get { state.withLock { $0.outcome } }
        set { state.withLock { $0.outcome = newValue } }
    }

    func count(_ bytes: Int) {
        state.withLock { $0.bytes += bytes }
    }
}
