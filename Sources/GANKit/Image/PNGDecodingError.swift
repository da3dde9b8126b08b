// SPDX-License-Identifier: Apache-2.0

/// Why a PNG could not be read.
public struct PNGDecodingError: Error, Equatable, CustomStringConvertible {
    /// What libpng, or the check of its output, says.
    public let detail: String
    /// One clause without a final stop.
    public var description: String { "cannot decode PNG: \(detail)" }
}
