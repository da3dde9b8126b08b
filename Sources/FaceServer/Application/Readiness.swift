// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether the server should be sent requests. The model is loaded before anything listens, so the only change is
/// from ready to draining.
final class Readiness: Sendable {
    private let draining = Atomic(false)

    var isReady: Bool {
        !draining.load(ordering: .acquiring)
    }

    func beginDraining() {
        draining.store(true, ordering: .releasing)
    }
}
