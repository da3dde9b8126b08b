// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import MiniHTTP

@Suite struct SocketAddressTests {
    @Test func ipv6IsBracketed() {
        #expect(SocketAddress(host: "::1", port: 80).description == "[::1]:80")
        #expect(SocketAddress(host: "127.0.0.1", port: 80).description == "127.0.0.1:80")
    }

    @Test(arguments: [
        ("2001:db8::1", "2001:db8::1"),
        // What an IPv4 client looks like on a socket bound to '::'.
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ])
    func kernelAddressIsRead(text: String, host: String) {
        var storage = sockaddr_storage()
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                address.pointee.sin6_family = sa_family_t(AF_INET6)
                address.pointee.sin6_port = in_port_t(8080).bigEndian
                inet_pton(AF_INET6, text, &address.pointee.sin6_addr)
            }
        }
        #expect(SocketAddress(storage) == SocketAddress(host: host, port: 8080))
    }

    @Test func otherFamiliesAreNone() {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(SocketAddress(storage) == nil)
    }
}
