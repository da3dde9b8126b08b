// SPDX-License-Identifier: Apache-2.0

/// Signs URLs, and checks signed ones.
///
/// A signed URL is any URL of this server with `signature` as the last parameter of its query:
/// "/faces/42.png?truncation=0.7&expires=1767225600&signature=...". The signature covers every byte before it, as sent,
/// so there is one reading of what was signed. `expires`, in seconds since the epoch, is under the signature; without
/// it the URL is valid for as long as the key is. Both parameters are taken off before anything else sees the request,
/// so they change neither the face nor its entity tag nor where it is cached.
struct URLSigner: Sendable {
    /// Why a signed URL is refused.
    enum Refusal: Error, Equatable {
        /// There is no signature.
        case unsigned
        /// The signature is not of this URL and a current key, or not where it belongs.
        case badSignature
        /// The time is up.
        case expired
    }

    /// A signed URL that was found good.
    struct Verified: Equatable {
        /// The request's target without `expires` and `signature`.
        var target: String
        /// When it ceases to be good, in seconds since the epoch; nil for never.
        var expires: Int?
    }

    /// The first signs; all are good for checking, so a key is replaced by adding the new one in front and removing
    /// the old one once its URLs are out of use.
    let keys: [URLSigningKey]

    /// - Parameter target: path and query.
    /// - Returns: nil for a target that cannot be signed: without a leading slash, with a fragment, with characters that
    ///   have no place in a URL, or with one of the two parameters.
    func sign(_ target: String, expires: Int?) -> String? {
        let isPlain = target.utf8.allSatisfy { ("!"..."~").contains(Character(UnicodeScalar($0))) && $0 != 0x23 }
        guard let key = keys.first, target.hasPrefix("/"), isPlain,
            !Self.parameters(target).contains(where: { $0.name == "signature" || $0.name == "expires" })
        else {
            return nil
        }
        var signed = target
        if let expires {
            signed += "\(Self.separator(after: signed))expires=\(expires)"
        }
        return "\(signed)\(Self.separator(after: signed))signature=\(Base64URL.encode(key.signature(of: signed)))"
    }

    /// - Parameters:
    ///   - target: path and query as they came.
    ///   - now: seconds since the epoch.
    func verify(_ target: String, now: Int) throws(Refusal) -> Verified {
        let parameters = Self.parameters(target)
        guard parameters.contains(where: { $0.name == "signature" }) else {
            throw .unsigned
        }
        guard let last = parameters.last, last.name == "signature", let value = last.value,
            parameters.count(where: { $0.name == "signature" }) == 1,
            let signature = Base64URL.decode(String(value))
        else {
            throw .badSignature
        }
        // Before the parameter stands "?" or "&".
        let signed = target.utf8.prefix(target.utf8.count - "?signature=".utf8.count - value.utf8.count)
        let text = String(Substring(signed))
        // Each key is tried, so the time tells nothing of which one it is.
        guard keys.reduce(false, { $1.isSignature(signature, of: text) || $0 }) else {
            throw .badSignature
        }
        let expiries = parameters.filter { $0.name == "expires" }
        guard let expiry = expiries.first else {
            return Verified(target: text, expires: nil)
        }
        guard expiries.count == 1, let digits = expiry.value, digits.isASCIIDigits, let expires = Int(digits) else {
            throw .badSignature
        }
        guard now < expires else {
            throw .expired
        }
        return Verified(target: Self.removing("expires", from: text), expires: expires)
    }

    private static func separator(after target: String) -> String {
        target.contains("?") ? "&" : "?"
    }

    /// The raw parameters of the query. Nothing is decoded: a name in another spelling is another parameter, which the
    /// route will refuse.
    private static func parameters(_ target: String) -> [(name: Substring, value: Substring?)] {
        guard let question = target.firstIndex(of: "?") else {
            return []
        }
        return target[target.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false).map {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
    }

    private static func removing(_ name: String, from target: String) -> String {
        guard let question = target.firstIndex(of: "?") else {
            return target
        }
        let kept = target[target.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix(name + "=") }
        return target[..<question] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }
}
