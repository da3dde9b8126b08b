// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct ConnectionGateTests {
    private let one = IPAddress("192.0.2.1")
    private let two = IPAddress("192.0.2.2")

    @Test func totalIsBounded() {
        let gate = ConnectionGate(maxConnections: 2, maxConnectionsPerAddress: nil)
        #expect(gate.enter(one) == nil)
        #expect(gate.enter(nil) == nil)
        #expect(gate.enter(two) == .tooMany)
        gate.leave(one)
        #expect(gate.enter(two) == nil)
        #expect(gate.total == 2)
    }

    @Test func eachAddressIsBounded() {
        let gate = ConnectionGate(maxConnections: 10, maxConnectionsPerAddress: 1)
        #expect(gate.enter(one) == nil)
        #expect(gate.enter(one) == .tooManyFromAddress)
        // The same client on a socket that speaks IPv6.
        #expect(gate.enter(IPAddress("::ffff:192.0.2.1")) == .tooManyFromAddress)
        #expect(gate.enter(two) == nil)
        gate.leave(one)
        #expect(gate.enter(one) == nil)
    }

    @Test func addressesOfOneIPv6NetworkAreOneClient() {
        let gate = ConnectionGate(maxConnections: 10, maxConnectionsPerAddress: 1)
        #expect(gate.enter(IPAddress("2001:db8:0:1::1")) == nil)
        #expect(gate.enter(IPAddress("2001:db8:0:1:ffff:ffff:ffff:ffff")) == .tooManyFromAddress)
        #expect(gate.enter(IPAddress("2001:db8:0:2::1")) == nil)
        gate.leave(IPAddress("2001:db8:0:1::7"))
        #expect(gate.enter(IPAddress("2001:db8:0:1::8")) == nil)
    }

    @Test func trustedProxyHasNoBound() throws {
        let proxies = TrustedProxies([try #require(IPNetwork("192.0.2.1"))])
        let gate = ConnectionGate(maxConnections: 10, maxConnectionsPerAddress: 1, trustedProxies: proxies)
        for _ in 0..<3 {
            #expect(gate.enter(one) == nil)
        }
        #expect(gate.enter(two) == nil)
        #expect(gate.enter(two) == .tooManyFromAddress)
        gate.leave(one)
        #expect(gate.total == 3)
    }
}
