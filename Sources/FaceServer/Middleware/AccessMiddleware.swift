// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import MiniHTTP

/// Lets requests in as `AccessPolicy` says, and keeps what only some may see out of caches that all may read.
struct AccessMiddleware: Middleware {
    let policy: AccessPolicy
    let metrics: ServerMetrics
    /// What is answered in place of the problem that a client without access is told; nil for the problem.
    var door: @Sendable (HTTPRequest, HTTPError) -> HTTPResponse? = { _, _ in nil }
    /// Seconds since the epoch. Signed URLs expire by the clock on the wall.
    var now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        var request = request
        let time = now()
        let admission: AccessPolicy.Admission
        do {
            admission = try policy.admit(&request, now: time)
        } catch {
            metrics.recordRejected(.unauthorized)
            if let response = door(request, error) {
                return response
            }
            throw error
        }
        if case .key(let name) = admission {
            RequestContext.current?.keyName = name
        }
        var response = try await next.handle(request)
        if admission != .open, let directives = response.headers["Cache-Control"] {
            response.headers["Cache-Control"] = Self.cacheControl(directives, admission, now: time)
        }
        return response
    }

    /// RFC 9111 section 3.5: with `public` a shared cache may give an answer to others though it was for the holder of a
    /// key. Who has a signed URL may have the answer from any cache, but not after the URL has expired.
    static func cacheControl(_ directives: String, _ admission: AccessPolicy.Admission, now: Int) -> String {
        var words = directives.split(separator: ",").map { $0.trimmingPrefix(while: { $0 == " " }).description }
        switch admission {
        case .open, .signedURL(expires: nil):
            return directives
        case .key:
            words = words.map { $0 == "public" ? "private" : $0 }
        case .signedURL(let expires?):
            words = words.map { word in
                guard word.hasPrefix("max-age="), let age = Int(word.dropFirst("max-age=".count)) else {
                    return word
                }
                return "max-age=\(min(age, max(0, expires - now)))"
            }
        }
        return words.joined(separator: ", ")
    }
}
