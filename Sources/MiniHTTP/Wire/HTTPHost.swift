// SPDX-License-Identifier: Apache-2.0

/// The `Host` rules of RFC 9112 section 3.2 and the authority grammar of RFC 3986 section 3.2.2.
enum HTTPHost {
    /// A 400 for a 1.1 request without `Host`, and for any request with more than one or an invalid one.
    static func check(_ headers: HTTPHeaders, version: HTTPVersion) throws(HTTPParseError) {
        let hosts = headers.values(for: "Host")
        guard hosts.count <= 1 else {
            throw HTTPParseError(.host, "There is more than one Host header.")
        }
        guard let host = hosts.first else {
            if version < .http11 { return }
            throw HTTPParseError(.host, "The Host header is missing.")
        }
        // An empty value is what a client sends that has no authority to name.
        var text = host
        guard text.withUTF8({ isValid($0[...]) }) else {
            throw HTTPParseError(.host, "The Host header is not 'host' or 'host:port'.")
        }
    }

    /// uri-host [ ":" port ] of RFC 9110 section 7.2: a bracketed IPv6 address or a registered name, no userinfo.
    static func isValid(_ authority: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var port = authority
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = authority[..<end].dropFirst()
            guard address.contains(ASCII.colon), IPAddress(String(decoding: address, as: UTF8.self)) != nil else {
                return false
            }
            port = authority[end...].dropFirst()
        } else {
            port = authority.drop { $0 != ASCII.colon }
            guard authority[..<port.startIndex].allSatisfy(isNameByte) else { return false }
        }
        guard let colon = port.popFirst() else { return true }
        return colon == ASCII.colon && port.count <= 5 && port.allSatisfy(ASCII.isDigit)
            && port.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65535
    }

    /// reg-name of RFC 3986 section 3.2.2, without percent-escapes: no host name needs them.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        if ASCII.isLetter(byte) || ASCII.isDigit(byte) { return true }
        switch byte {
        // - . _ ~ ! $ & ' ( ) * + , ; =
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x21, 0x24, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x3B, 0x3D: return true
        default: return false
        }
    }
}
