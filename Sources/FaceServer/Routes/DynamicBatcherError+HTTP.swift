// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension DynamicBatcherError {
    /// - Parameter timeout: how long the request was to wait.
    func httpError(timeout: Duration) -> HTTPError {
        switch self {
        case .queueFull(let retryAfter):
            let seconds = retryAfter.components.seconds
            return HTTPError(
                .serviceUnavailable,
                detail: "All workers are busy and the queue is full. Try again in \(seconds) s.",
                headers: ["Retry-After": String(seconds)]
            )
        case .deadlineExceeded:
            return HTTPError(
                .gatewayTimeout,
                detail: "The face was not ready within the request's timeout of \(DurationText.format(timeout)).")
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

    /// As what a request is counted that was turned away; nil where the server failed it.
    var rejectionReason: RejectionReason? {
        switch self {
        case .queueFull: .queueFull
        case .deadlineExceeded: .deadline
        case .draining: .draining
        case .noResult: nil
        }
    }
}
