// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Logging

/// Where log lines go: to standard error; standard output is for what commands were asked for.
enum ProgramLog {
    /// A logger of a command, which has its lines written before it goes on.
    static func standardError(level: Logger.Level, format: LogFormat = .text) -> Logger {
        logger(level: level, format: format) { StandardStream.error.write($0) }
    }

    /// The logger of a server, which does not wait for whoever reads them.
    static func server(level: Logger.Level, format: LogFormat) -> (logger: Logger, writer: LogWriter) {
        let writer = LogWriter(descriptor: STDERR_FILENO) { lost in
            LineLogHandler.line(
                format, at: Date(), .warning, "log lines lost, nobody took them", ["lines": .stringConvertible(lost)])
        }
        return (logger(level: level, format: format, write: writer.write), writer)
    }

    private static func logger(
        level: Logger.Level, format: LogFormat, write: @escaping @Sendable (String) -> Void
    ) -> Logger {
        var logger = Logger(label: "faceserver") { _ in
            LineLogHandler(format: format, write: write, metadataProvider: RequestContext.metadataProvider)
        }
        logger.logLevel = level
        return logger
    }
}
