// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs blocking work on a thread of its own, so that it takes no thread of the pool that the code under test needs.
public func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result(catching: body)) }.start()
    }
}
