// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension DynamicBatcherError {
    var httpError: HTTPError {
        switch self {
        case .queueFull(let retryAfter):
            let seconds = retryAfter.components.seconds
            return HTTPError(
                .serviceUnavailable,
                detail: "All workers are busy and the queue is full. Try again in \(seconds) s.",
                headers: ["Retry-After": String(seconds)]
            )
        case .draining:
            return HTTPError(
                .serviceUnavailable,
                detail: "The server is shutting down.",
                headers: ["Retry-After": "1"]
            )
        case .noResult:
            return HTTPError(.internalServerError, detail: "The worker gave no result.")
        }
    }
}
