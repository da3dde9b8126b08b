// SPDX-License-Identifier: Apache-2.0

/// Why an image could not be written as PNG.
public struct PNGEncodingError: Error, Equatable, CustomStringConvertible {
    /// What libpng, or the check of its input, says.
    public let detail: String
    /// One clause without a final stop.
    public var description: String { "cannot encode PNG: \(detail)" }
}
