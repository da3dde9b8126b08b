// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which pages of other origins may read what the server answers (Fetch standard, "CORS protocol"). Any page may show an
/// image without that; reading its pixels, or fetching it by script, takes this.
struct CORSPolicy: Sendable, Equatable {
    static let allowed = "* or origins such as https://example.org, without a path"

    /// Serialised origins, or "*" for all.
    var allowOrigins: [String] = []

    var isOff: Bool { allowOrigins.isEmpty }

    /// Whether the answer depends on who asks.
    var variesByOrigin: Bool { !isOff && !allowsAll }

    private var allowsAll: Bool { allowOrigins.contains("*") }

    /// What `Access-Control-Allow-Origin` says to a page of this origin; nil where it may not read.
    func allowOrigin(for origin: String) -> String? {
        if allowsAll {
            return "*"
        }
        return allowOrigins.contains(origin) ? origin : nil
    }

    /// Reads an entry of `cors.allowOrigins`: as browsers serialise origins (RFC 6454 section 6.2), since they are
    /// compared as text. "null", which any sandboxed page has, is not an origin.
    static func origin(_ text: String) -> String? {
        if text == "*" {
            return text
        }
        let pattern = #/https?://(?:[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?/#
        return text.wholeMatch(of: pattern) == nil ? nil : text
    }
}
