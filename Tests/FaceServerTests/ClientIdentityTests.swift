// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ClientIdentityTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", "IPv4 as a whole"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "the first half of IPv6"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64", "whatever the second half is"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64", "another network"),
        ("::1", "0:0:0:0::/64", "loopback"),
        ("unknown", "unknown", "no address"),
        ("x:y", "x:y", "no address with a colon"),
    ])
    func oneClientIsOneNetwork(host: String, network: String, reason: String) {
        #expect(ClientIdentity.network(of: host) == network, "\(reason)")
    }
}
