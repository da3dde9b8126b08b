// SPDX-License-Identifier: Apache-2.0

import Logging

/// What the access log tells of a request.
///
/// The path is without its query, which may hold what does not belong in a log.
struct AccessLogEntry: Sendable, Equatable {
    var method: String
    var path: String
    var status: Int
    /// Of the response's body.
    var bytes: Int
    var milliseconds: Int

    func write(to logger: Logger) {
        logger.info(
            "request",
            metadata: [
                "method": "\(method)", "path": "\(path)", "status": "\(status)", "bytes": "\(bytes)",
                "ms": "\(milliseconds)",
            ]
        )
    }
}
