// SPDX-License-Identifier: Apache-2.0

import Logging

/// Where log lines go.
enum ProgramLog {
    /// A logger that writes to standard error; standard output is for what commands were asked for.
    static func standardError(level: Logger.Level) -> Logger {
        var logger = Logger(label: "faceserver") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
