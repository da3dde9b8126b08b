// SPDX-License-Identifier: Apache-2.0

/// How the end of a body is marked whose length is not known when its head is sent.
enum HTTPStreamFraming: Equatable {
    /// RFC 9112 section 7.1.
    case chunked
    /// RFC 9112 section 6.3 rule 8: by closing the connection.
    case untilClose

    /// RFC 9112 section 6.1: no transfer coding to a client of HTTP/1.0.
    init(version: HTTPVersion) {
        self = version >= .http11 ? .chunked : .untilClose
    }
}
