// SPDX-License-Identifier: Apache-2.0

/// The protocol version of a message (RFC 9112 section 2.3).
public struct HTTPVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The major version: 1 for every message that this module accepts.
    public let major: Int
    /// The minor version.
    public let minor: Int

    /// Makes a version of any number.
    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// `HTTP/1.0`
    public static let http10 = HTTPVersion(major: 1, minor: 0)
    /// `HTTP/1.1`
    public static let http11 = HTTPVersion(major: 1, minor: 1)

    /// `HTTP/1.1`, as in a request line.
    public var description: String { "HTTP/\(major).\(minor)" }

    /// Orders by major, then by minor version.
    public static func < (lhs: HTTPVersion, rhs: HTTPVersion) -> Bool {
        (lhs.major, lhs.minor) < (rhs.major, rhs.minor)
    }
}
