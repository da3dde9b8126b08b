// SPDX-License-Identifier: Apache-2.0

extension HTTPRequest {
    /// Evaluates the preconditions that name entity tags, in the order of RFC 9110 section 13.2.2. Returns whether the
    /// answer is 304; throws a 412 `HTTPError` where the request must not be performed.
    ///
    /// - etag: the current tag as it stands in `ETag`, quotes included.
    ///
    /// `If-Modified-Since` and `If-Unmodified-Since` are ignored, as for any resource without `Last-Modified`.
    public func isNotModified(etag: String) throws(HTTPError) -> Bool {
        let ifMatch = headers.values(for: "If-Match")
        guard ifMatch.isEmpty || EntityTag.matches(ifMatch: ifMatch, etag: etag) else {
            throw HTTPError(.preconditionFailed, detail: "If-Match does not name the current tag \(etag).")
        }
        guard EntityTag.matches(ifNoneMatch: headers.values(for: "If-None-Match"), etag: etag) else { return false }
        // RFC 9110 section 13.1.2: 304 is for GET and HEAD, 412 for all others.
        guard method == .get || method == .head else {
            throw HTTPError(.preconditionFailed, detail: "If-None-Match names the current tag \(etag).")
        }
        return true
    }
}
