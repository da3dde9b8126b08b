// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Decides who may ask for what.
///
/// With neither keys nor signing keys the server is open, but for `/admin/...`, which nobody gets without a key. With
/// any of them, everything but the probes needs a key of the route's scope; a face may also be had through a signed URL.
struct AccessPolicy: Sendable {
    /// How a request got in.
    enum Admission: Sendable, Equatable {
        /// Without proof, because the route or the server is open.
        case open
        /// With the API key of this name.
        case key(String)
        /// Through a signed URL, good until a time in seconds since the epoch; nil for ever.
        case signedURL(expires: Int?)
    }

    let keys: [APIKey]
    /// nil where no URL is signed.
    let signer: URLSigner?
    /// Whether `/metrics` is open though the rest is not.
    let metricsAreOpen: Bool

    init(keys: [APIKey] = [], signingKeys: [URLSigningKey] = [], metricsAreOpen: Bool = false) {
        self.keys = keys
        signer = signingKeys.isEmpty ? nil : URLSigner(keys: signingKeys)
        self.metricsAreOpen = metricsAreOpen
    }

    /// Whether faces are for everyone.
    var isOpen: Bool { keys.isEmpty && signer == nil }

    /// Lets a request in or throws what it is answered with. The target loses what belongs to its signature.
    ///
    /// - Parameter now: seconds since the epoch.
    func admit(_ request: inout HTTPRequest, now: Int) throws(HTTPError) -> Admission {
        guard let scope = AccessScope.required(route: request.routePattern) else {
            return .open
        }
        let signature = try verifiedSignature(&request, now: now)
        if let signature, scope == .faces, request.method == .get || request.method == .head {
            return .signedURL(expires: signature.expires)
        }
        if let sent = try bearerToken(request) {
            return try admit(key: sent, for: scope)
        }
        let needsNoProof =
            switch scope {
            case .faces: isOpen
            case .metrics: metricsAreOpen || isOpen
            case .admin: false
            }
        if needsNoProof {
            return .open
        }
        if keys.isEmpty {
            throw HTTPError(
                .forbidden,
                detail: scope == .faces
                    ? "This URL is not signed."
                    : "This needs an API key of scope \(scope.rawValue), and the server has none.")
        }
        throw Self.challenge(detail: "This needs an API key, sent as 'Authorization: Bearer'.")
    }

    /// Checks the signature that came with a request, whether it needs one or not.
    private func verifiedSignature(_ request: inout HTTPRequest, now: Int) throws(HTTPError) -> URLSigner.Verified? {
        guard let signer else {
            return nil
        }
        do {
            let verified = try signer.verify(request.target, now: now)
            let stripped = HTTPRequest(target: verified.target)
            request.target = stripped.target
            request.query = stripped.query
            return verified
        } catch {
            switch error {
            case .unsigned: return nil
            case .badSignature: throw HTTPError(.forbidden, detail: "The signature of this URL is not valid.")
            // Not 403: no credential will make it good again.
            case .expired: throw HTTPError(.gone, detail: "This signed URL has expired.")
            }
        }
    }

    /// RFC 6750 section 2.1. nil where no key is asked for, or none was sent: another scheme is not ours to judge.
    private func bearerToken(_ request: HTTPRequest) throws(HTTPError) -> String? {
        let fields = request.headers.values(for: "Authorization")
        guard !keys.isEmpty, let field = fields.first else {
            return nil
        }
        guard fields.count == 1 else {
            throw Self.challenge(
                .badRequest, error: "invalid_request", detail: "There is more than one Authorization field.")
        }
        // RFC 9110 section 11.1: the scheme's case does not count, and one or more spaces follow.
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.first?.lowercased() == "bearer" else {
            return nil
        }
        guard parts.count == 2 else {
            throw Self.challenge(.badRequest, error: "invalid_request", detail: "The Authorization field has no key.")
        }
        return parts[1].trimmingPrefix { $0 == " " }.description
    }

    private func admit(key sent: String, for scope: AccessScope) throws(HTTPError) -> Admission {
        guard let key = keys.matching(sent) else {
            throw Self.challenge(error: "invalid_token", detail: "The API key is not known.")
        }
        guard key.scopes.contains(scope) || (scope == .metrics && metricsAreOpen) else {
            throw Self.challenge(
                .forbidden, error: "insufficient_scope", scope: scope,
                detail: "The API key '\(key.name)' lacks the scope \(scope.rawValue).")
        }
        return .key(key.name)
    }

    /// RFC 6750 section 3: the challenge has no error where no key was sent.
    private static func challenge(
        _ status: HTTPStatus = .unauthorized, error: String? = nil, scope: AccessScope? = nil, detail: String
    ) -> HTTPError {
        var challenge = "Bearer realm=\"faceserver\""
        if let error {
            challenge += ", error=\"\(error)\""
        }
        if let scope {
            challenge += ", scope=\"\(scope.rawValue)\""
        }
        return HTTPError(status, detail: detail, headers: ["WWW-Authenticate": challenge])
    }
}
