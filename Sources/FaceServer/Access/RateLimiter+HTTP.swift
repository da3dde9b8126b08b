// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// The fields of draft-ietf-httpapi-ratelimit-headers-11, with one policy called "client".
extension RateLimiter {
    /// Section 3: the quota `q` and the window `w` in which it comes back.
    var policyField: String {
        "\"client\";q=\(limit.burst);w=\(Self.seconds(limit.interval * limit.burst))"
    }

    /// Section 4: `r` more may be used, and no more than these within `t` seconds.
    static func limitField(_ standing: Standing) -> String {
        "\"client\";r=\(standing.remaining);t=\(seconds(standing.nextToken))"
    }

    /// Rounded up, and at least 1: "now" would be wrong and invite an attempt in vain.
    static func seconds(_ duration: Duration) -> Int {
        max(1, Int((duration / .seconds(1)).rounded(.up)))
    }
}

extension RateLimiter.Exceeded {
    var httpError: HTTPError {
        let seconds = RateLimiter.seconds(standing.nextToken)
        return HTTPError(
            .tooManyRequests,
            detail: "You have asked for more new faces than your rate allows. Try again in \(seconds) s.",
            headers: ["Retry-After": String(seconds)],
            // Section 5.1.
            members: ["violated-policies": ["client"]]
        )
    }
}
