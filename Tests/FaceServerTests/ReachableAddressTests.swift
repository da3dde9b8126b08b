// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ReachableAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:80", "as it is"),
        ("0.0.0.0", "127.0.0.1:80", "all IPv4 addresses"),
        ("::", "[::1]:80", "all addresses"),
        ("2001:db8::1", "[2001:db8::1]:80", "IPv6 in brackets"),
        ("localhost", "localhost:80", "a name"),
    ])
    func wildcardsBecomeLoopback(host: String, text: String, reason: String) {
        #expect(ReachableAddress(host: host, port: 80).description == text, "\(reason)")
    }
}
