// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the connections of all event loops and says which new ones may stay. The lock is its own.
///
/// A client's bound holds for its IPv4 address or its IPv6 /64. Trusted proxies have none: their connections are those
/// of many clients.
final class ConnectionGate: Sendable {
    /// Why a connection may not stay.
    enum Refusal: Equatable {
        case tooMany
        case tooManyFromAddress
        /// The process is about to run out of descriptors.
        case noDescriptor
    }

    private struct Counts {
        var total = 0
        var perClient: [IPAddress: Int] = [:]
    }

    private let maxConnections: Int
    private let maxConnectionsPerAddress: Int?
    private let trustedProxies: TrustedProxies
    private let counts = Mutex(Counts())

    init(
        maxConnections: Int, maxConnectionsPerAddress: Int?, trustedProxies: TrustedProxies = TrustedProxies([])
    ) {
        self.maxConnections = maxConnections
        self.maxConnectionsPerAddress = maxConnectionsPerAddress
        self.trustedProxies = trustedProxies
    }

    /// How many connections are open.
    var total: Int { counts.withLock { $0.total } }

    /// Counts a new connection, or says why it is refused. What is counted must `leave`.
    func enter(_ address: IPAddress?) -> Refusal? {
        let client = bounded(address)
        return counts.withLock { counts in
            if let maxConnectionsPerAddress, let client {
                guard counts.perClient[client, default: 0] < maxConnectionsPerAddress else {
                    return .tooManyFromAddress
                }
            }
            guard counts.total < maxConnections else { return .tooMany }
            if let client {
                counts.perClient[client, default: 0] += 1
            }
            counts.total += 1
            return nil
        }
    }

    /// Uncounts a connection.
    func leave(_ address: IPAddress?) {
        let client = bounded(address)
        counts.withLock { counts in
            counts.total -= 1
            guard let client, let count = counts.perClient[client] else { return }
            // Clients without connections are forgotten: there are too many to keep.
            counts.perClient[client] = count == 1 ? nil : count - 1
        }
    }

    /// What a client's connections are counted under; nil where they are not.
    private func bounded(_ address: IPAddress?) -> IPAddress? {
        guard maxConnectionsPerAddress != nil, let address, !trustedProxies.contains(address) else { return nil }
        return address.client
    }
}
