// SPDX-License-Identifier: Apache-2.0

/// A request target, taken apart by its form (RFC 9112 section 3.2).
struct HTTPRequestTarget: Equatable {
    /// Still percent-encoded, starting with `/`; or `*`.
    let path: String
    /// What follows the first `?`.
    let query: String?
    /// The authority of an absolute-form target, which overrides the `Host` field.
    let authority: String?

    /// Parses the target of a request with the given method.
    init(_ bytes: ArraySlice<UInt8>, method: HTTPMethod) throws(HTTPParseError) {
        // RFC 3986 section 2: a URI is printable ASCII; RFC 9112 section 3.2: a fragment is never sent.
        guard bytes.allSatisfy({ ASCII.isVisible($0) && $0 != ASCII.hash }) else {
            throw HTTPParseError(
                .target, "The request target holds a fragment or a character that must be percent-encoded.")
        }
        if method == .connect {
            // RFC 9112 section 3.2.3: authority-form is for CONNECT, which is for proxies.
            throw HTTPParseError(.method, "CONNECT is not implemented: this server is not a proxy.")
        }
        if bytes.first == ASCII.slash {
            // RFC 9112 section 3.2.1: origin-form.
            self.init(pathAndQuery: bytes, authority: nil, method: method)
        } else if bytes.elementsEqual([ASCII.asterisk]) {
            // RFC 9112 section 3.2.4: asterisk-form is for OPTIONS alone.
            guard method == .options else {
                throw HTTPParseError(.target, "The request target '*' is for OPTIONS only.")
            }
            self.init(pathAndQuery: bytes, authority: nil, method: method)
        } else {
            try self.init(absolute: bytes, method: method)
        }
    }

    /// RFC 9112 section 3.2.2: absolute-form, which a server must accept though only proxies are sent it.
    private init(absolute bytes: ArraySlice<UInt8>, method: HTTPMethod) throws(HTTPParseError) {
        guard
            let scheme = ["http://", "https://"].first(where: {
                ASCII.equalIgnoringCase(bytes.prefix($0.utf8.count), $0.utf8)
            })
        else {
            throw HTTPParseError(.target, "The request target is neither a path, an http URL nor '*'.")
        }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != ASCII.slash && $0 != ASCII.question }
        // RFC 9110 section 4.2.1: an empty host is invalid. Section 4.2.4: userinfo is an attempt to mislead.
        guard let first = authority.first, first != ASCII.colon,
            authority.withUnsafeBufferPointer({ HTTPHost.isValid($0[...]) })
        else {
            throw HTTPParseError(.target, "The authority of the request target is not 'host' or 'host:port'.")
        }
        self.init(
            pathAndQuery: rest[authority.endIndex...], authority: String(decoding: authority, as: UTF8.self),
            method: method)
    }

    private init(pathAndQuery bytes: ArraySlice<UInt8>, authority: String?, method: HTTPMethod) {
        let question = bytes.firstIndex(of: ASCII.question)
        let path = String(decoding: bytes[..<(question ?? bytes.endIndex)], as: UTF8.self)
        query = question.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self) }
        self.authority = authority
        if path.isEmpty {
            // RFC 9112 section 3.2.4: OPTIONS for a URL without path and query means the server as a whole; for other
            // methods an empty path is '/' (section 3.2.1).
            self.path = method == .options && query == nil ? "*" : "/"
        } else {
            self.path = path
        }
    }
}
