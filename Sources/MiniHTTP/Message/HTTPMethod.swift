// SPDX-License-Identifier: Apache-2.0

/// A request method. Methods are case-sensitive: `get` is not `GET` (RFC 9110 section 9.1).
public struct HTTPMethod: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The method as it stands in the request line.
    public let rawValue: String

    /// Wraps a method name without checking it; the parser admits only tokens.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Same as `rawValue`.
    public var description: String { rawValue }

    /// `GET`
    public static let get = HTTPMethod(rawValue: "GET")
    /// `HEAD`
    public static let head = HTTPMethod(rawValue: "HEAD")
    /// `POST`
    public static let post = HTTPMethod(rawValue: "POST")
    /// `PUT`
    public static let put = HTTPMethod(rawValue: "PUT")
    /// `DELETE`
    public static let delete = HTTPMethod(rawValue: "DELETE")
    /// `CONNECT`
    public static let connect = HTTPMethod(rawValue: "CONNECT")
    /// `OPTIONS`
    public static let options = HTTPMethod(rawValue: "OPTIONS")
    /// `TRACE`
    public static let trace = HTTPMethod(rawValue: "TRACE")
    /// `PATCH`
    public static let patch = HTTPMethod(rawValue: "PATCH")

    /// The methods of RFC 9110 section 9.3 and RFC 5789. Any other is answered 501 (RFC 9110 section 9.1).
    static let known: Set<HTTPMethod> = [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch]

    /// RFC 9110 section 9.2.1: a safe request changes nothing, so it may run beside its pipelined neighbours
    /// (RFC 9112 section 9.3.2).
    var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}
