// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc

/// A key and a salt that URLs are signed with.
struct URLSigningKey: Sendable {
    static let allowed =
        "key:salt or key, both in hexadecimal digits, the key of 16 to 64 bytes and the salt of at most 64"

    private let key: SymmetricKey
    private let salt: [UInt8]

    /// Reads an entry of `access.signingKeys`.
    init?(entry: String) {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let key = Hexadecimal.decode(parts[0]), (16...64).contains(key.count),
            let salt = parts.count == 2 ? Hexadecimal.decode(parts[1]) : [], salt.count <= 64
        else {
            return nil
        }
        self.key = SymmetricKey(data: key)
        self.salt = salt
    }

    /// imgproxy's scheme: HMAC-SHA256 over salt and text.
    func signature(of text: some StringProtocol) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: salt + Array(text.utf8), using: key))
    }

    /// Compares in constant time.
    func isSignature(_ signature: [UInt8], of text: some StringProtocol) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: salt + Array(text.utf8), using: key)
    }

    /// A new entry of `access.signingKeys`.
    static func random() -> String {
        let bytes = [SymmetricKey(size: .bits256), SymmetricKey(size: .bits128)]
        return bytes.map { $0.withUnsafeBytes { Hexadecimal.encode($0) } }.joined(separator: ":")
    }
}
