// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct ConnectionGateTests {
    private let one = SocketAddress(host: "192.0.2.1", port: 1)
    private let two = SocketAddress(host: "192.0.2.2", port: 1)

    @Test func totalIsBounded() {
        let gate = ConnectionGate(maxConnections: 2, maxConnectionsPerAddress: nil)
        #expect(gate.enter(one) == nil)
        #expect(gate.enter(nil) == nil)
        #expect(gate.enter(two) == .tooMany)
        gate.leave(one)
        #expect(gate.enter(two) == nil)
        #expect(gate.total == 2)
    }

    @Test func eachAddressIsBoundedWhateverThePort() {
        let gate = ConnectionGate(maxConnections: 10, maxConnectionsPerAddress: 1)
        #expect(gate.enter(one) == nil)
        #expect(gate.enter(SocketAddress(host: one.host, port: 2)) == .tooManyFromAddress)
        #expect(gate.enter(two) == nil)
        gate.leave(one)
        #expect(gate.enter(one) == nil)
    }
}
