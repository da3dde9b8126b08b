// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MiniHTTP

@Suite struct TrustedProxiesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: String
        let headers: HTTPHeaders
        let client: String
        var peer = "10.0.0.1"
        var testDescription: String { reason }

        static func xff(_ reason: String, _ value: String, _ client: String, peer: String = "10.0.0.1") -> Row {
            Row(reason: reason, headers: ["X-Forwarded-For": value], client: client, peer: peer)
        }

        static func forwarded(_ reason: String, _ value: String, _ client: String) -> Row {
            Row(reason: reason, headers: ["Forwarded": value], client: client)
        }
    }

    private static let proxies = TrustedProxies(["10.0.0.0/8", "2001:db8:ff::/48"].compactMap { IPNetwork($0) })

    static let xForwardedFor: [Row] = [
        .xff("the client of one proxy", "203.0.113.9", "203.0.113.9"),
        .xff("IPv6", "2001:db8::7", "2001:db8::7"),
        .xff("IPv4 in IPv6 is the same client", "::ffff:203.0.113.9", "203.0.113.9"),
        .xff("a peer that is not trusted is the client", "203.0.113.9", "198.51.100.1", peer: "198.51.100.1"),
        .xff("a trusted peer on an IPv6 socket", "203.0.113.9", "203.0.113.9", peer: "::ffff:10.0.0.1"),
        .xff("a trusted peer with IPv6", "203.0.113.9", "203.0.113.9", peer: "2001:db8:ff::1"),
        .xff("what the client made up stands left", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        .xff("a chain of trusted proxies", "1.1.1.1,203.0.113.9,\t10.2.2.2 , 10.3.3.3", "203.0.113.9"),
        .xff("none but trusted proxies", "10.2.2.2, 10.3.3.3", "10.2.2.2"),
        .xff("a malformed element ends the walk", "203.0.113.9, unknown, 10.3.3.3", "10.3.3.3"),
        .xff("a malformed last element", "203.0.113.9, x", "10.0.0.1"),
        .xff("an empty element", "203.0.113.9,", "10.0.0.1"),
        .xff("an empty field", "", "10.0.0.1"),
        .xff("a port", "203.0.113.9:4711", "203.0.113.9"),
        .xff("IPv6 and a port", "[2001:db8::7]:4711", "2001:db8::7"),
        .xff("brackets alone", "[2001:db8::7]", "2001:db8::7"),
        .xff("IPv4 in brackets", "[203.0.113.9]", "10.0.0.1"),
        .xff("an open bracket", "[2001:db8::7", "10.0.0.1"),
        .xff("something behind the bracket", "[2001:db8::7]x", "10.0.0.1"),
        .xff("a port that is none", "203.0.113.9:x", "10.0.0.1"),
        .xff("a zone", "fe80::1%eth0", "10.0.0.1"),
        Row(
            reason: "lines are one list in their order",
            headers: ["X-Forwarded-For": "203.0.113.9", "x-forwarded-for": "10.2.2.2"], client: "203.0.113.9"),
        Row(reason: "no field", headers: [:], client: "10.0.0.1"),
    ]

    static let forwarded: [Row] = [
        .forwarded("a token", "for=203.0.113.9", "203.0.113.9"),
        .forwarded("other parameters and any case", "by=10.0.0.1;FOR=203.0.113.9;proto=https", "203.0.113.9"),
        .forwarded("quoted IPv6 with a port", #"for="[2001:db8::7]:4711""#, "2001:db8::7"),
        .forwarded("IPv6 has to be quoted", "for=[2001:db8::7]", "10.0.0.1"),
        .forwarded("a chain", "for=1.1.1.1, for=203.0.113.9;by=10.1.1.1, for=10.2.2.2", "203.0.113.9"),
        .forwarded("a comma in quotes separates nothing", #"for=203.0.113.9;host="a, for=1.1.1.1""#, "203.0.113.9"),
        .forwarded("a semicolon in quotes", #"host="a;for=1.1.1.1";for=203.0.113.9"#, "203.0.113.9"),
        .forwarded("an escaped quote", #"host="a\", for=1.1.1.1";for=203.0.113.9"#, "203.0.113.9"),
        .forwarded("an open quote takes the rest", #"for=203.0.113.9, host="a;for=1.1.1.1"#, "10.0.0.1"),
        .forwarded("unknown", "for=203.0.113.9, for=unknown", "10.0.0.1"),
        .forwarded("an obfuscated name", "for=_secret", "10.0.0.1"),
        .forwarded("an element without 'for'", "for=203.0.113.9, by=10.2.2.2", "10.0.0.1"),
        .forwarded("'for' twice in one element", "for=203.0.113.9;for=1.1.1.1", "10.0.0.1"),
        .forwarded("an obfuscated port", "for=203.0.113.9:_p", "10.0.0.1"),
    ]

    static let both: [Row] = [
        Row(
            reason: "both agree", headers: ["X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"],
            client: "203.0.113.9"),
        Row(
            reason: "both disagree: one is the client's own",
            headers: ["X-Forwarded-For": "203.0.113.9", "Forwarded": "for=1.1.1.1"], client: "10.0.0.1"),
    ]

    @Test(arguments: xForwardedFor + forwarded + both)
    func client(_ row: Row) throws {
        let peer = try #require(IPAddress(row.peer))
        #expect(Self.proxies.client(peer: peer, headers: row.headers).description == row.client)
    }

    @Test func nobodyIsTrustedByDefault() throws {
        let peer = try #require(IPAddress("127.0.0.1"))
        let headers: HTTPHeaders = ["X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"]
        #expect(TrustedProxies(HTTPServer.Configuration().trustedProxies).client(peer: peer, headers: headers) == peer)
    }

    @Test func requestKnowsTheClientBehindATrustedProxy() async throws {
        let network = try #require(IPNetwork("127.0.0.0/8"))
        try await TestServer.with(.init(trustedProxies: [network])) { request in
            .text("\(request.clientAddress?.description ?? "-") \(request.remoteAddress?.host ?? "-")")
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
            #expect(try client.readResponse().text == "203.0.113.9 127.0.0.1")
        }
    }
}
