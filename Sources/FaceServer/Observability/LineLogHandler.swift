// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Logging

/// Writes each event as one line.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    /// Takes a whole line; called from any thread.
    let write: @Sendable (String) -> Void
    var now: @Sendable () -> Date = { Date() }
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        all.merge(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error {
            all["error"] = "\(error)"
        }
        write(Self.line(format, at: now(), event.level, event.message, all))
    }

    static func line(
        _ format: LogFormat, at date: Date, _ level: Logger.Level, _ message: Logger.Message,
        _ metadata: Logger.Metadata
    ) -> String {
        let time = date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        return format.line(time: time + "Z", level: level, message: message.description, metadata: metadata)
    }
}
