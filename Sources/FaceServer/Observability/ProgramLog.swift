// SPDX-License-Identifier: Apache-2.0

import Logging

/// Where log lines go.
enum ProgramLog {
    /// A logger that writes to standard error; standard output is for what commands were asked for. A reader that does
    /// not keep up holds up those who log.
    static func standardError(level: Logger.Level, format: LogFormat = .text) -> Logger {
        var logger = Logger(label: "faceserver") { _ in
            LineLogHandler(
                format: format,
                write: { StandardStream.error.write($0) },
                metadataProvider: RequestContext.metadataProvider
            )
        }
        logger.logLevel = level
        return logger
    }
}
