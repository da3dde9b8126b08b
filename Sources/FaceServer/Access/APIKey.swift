// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// A key that clients send as `Authorization: Bearer`. The server knows its SHA-256 only, so that who reads the
/// configuration cannot use it. A fast hash will do because keys are 256 random bits, which no one can guess; a password
/// must not take their place.
struct APIKey: Sendable, Equatable {
    static let allowed =
        "name:hash or name:hash:scopes, where hash is the key's SHA-256 in hexadecimal digits and scopes are joined by +, "
        + "such as web:<64 digits>:faces+metrics"

    /// For the log and the rate limit.
    let name: String
    /// SHA-256 of the key as it is sent.
    let digest: [UInt8]
    let scopes: Set<AccessScope>

    /// Reads an entry of `access.keys`. Without scopes the key is for faces.
    init?(entry: String) {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), PlainName.isValid(parts[0]), let digest = Hexadecimal.decode(parts[1]),
            digest.count == SHA256.byteCount
        else {
            return nil
        }
        var scopes: Set<AccessScope> = []
        for word in parts.count == 3 ? parts[2].split(separator: "+", omittingEmptySubsequences: false) : ["faces"] {
            guard let scope = AccessScope(rawValue: String(word)) else {
                return nil
            }
            scopes.insert(scope)
        }
        name = String(parts[0])
        self.digest = digest
        self.scopes = scopes
    }

    /// The entry of `access.keys` for a key.
    static func entry(name: String, key: String, scopes: [AccessScope]) -> String {
        let hash = Hexadecimal.encode(SHA256.hash(data: Data(key.utf8)))
        return "\(name):\(hash):\(scopes.map(\.rawValue).joined(separator: "+"))"
    }

    /// A new key: 256 random bits after a prefix by which people and secret scanners know it.
    static func random() -> String {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return "fsk_" + Base64URL.encode(bytes)
    }
}

extension [APIKey] {
    /// The key that was sent, if it is one of these. The time that this takes depends on neither the key that was sent
    /// nor on which one it is.
    func matching(_ sent: String) -> APIKey? {
        let digest = SHA256.hash(data: Data(sent.utf8))
        var found: APIKey?
        // Digest's == compares in constant time.
        for key in self where digest == key.digest {
            found = key
        }
        return found
    }
}
