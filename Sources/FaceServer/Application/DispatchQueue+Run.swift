// SPDX-License-Identifier: Apache-2.0

import Dispatch

extension DispatchQueue {
    /// Does on the queue what takes too long for Swift's cooperative threads.
    func run<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            async { continuation.resume(returning: Result(catching: work)) }
        }
        return try result.get()
    }
}
