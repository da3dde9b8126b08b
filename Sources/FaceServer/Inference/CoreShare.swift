// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Shares the machine's cores out among the workers that are busy.
///
/// A lone picture gets all cores, which makes it soon; when many wait, each gets its part, which wastes none. A picture
/// keeps the share it started with.
final class CoreShare: Sendable {
    private let cores: Int
    private let busy = Mutex(0)

    init(cores: Int) {
        self.cores = max(1, cores)
    }

    /// The most threads that `run` ever hands out.
    var largest: Int { cores }

    /// Calls `body` with the number of threads that it may use.
    func run<Result>(_ body: (_ threads: Int) throws -> Result) rethrows -> Result {
        let busyWorkers = busy.withLock {
            $0 += 1
            return $0
        }
        defer { busy.withLock { $0 -= 1 } }
        return try body(max(1, cores / busyWorkers))
    }
}
