// SPDX-License-Identifier: Apache-2.0

/// Why an image could not be written.
public struct ImageEncodingError: Error, Equatable, CustomStringConvertible {
    /// "PNG", "JPEG", "WebP"
    public let format: String
    /// What the format's library, or the check of its input, says.
    public let detail: String
    /// One clause without a final stop.
    public var description: String { "cannot encode \(format): \(detail)" }

    init(format: String, detail: String) {
        self.format = format
        self.detail = detail
    }
}
