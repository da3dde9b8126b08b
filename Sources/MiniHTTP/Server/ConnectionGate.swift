// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the connections of all event loops and says which new ones may stay. The lock is its own.
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
        var perHost: [String: Int] = [:]
    }

    private let maxConnections: Int
    private let maxConnectionsPerAddress: Int?
    private let counts = Mutex(Counts())

    init(maxConnections: Int, maxConnectionsPerAddress: Int?) {
        self.maxConnections = maxConnections
        self.maxConnectionsPerAddress = maxConnectionsPerAddress
    }

    /// How many connections are open.
    var total: Int { counts.withLock { $0.total } }

    /// Counts a new connection, or says why it is refused. What is counted must `leave`.
    func enter(_ address: SocketAddress?) -> Refusal? {
        counts.withLock { counts in
            guard counts.total < maxConnections else { return .tooMany }
            if let maxConnectionsPerAddress, let host = address?.host {
                guard counts.perHost[host, default: 0] < maxConnectionsPerAddress else { return .tooManyFromAddress }
                counts.perHost[host, default: 0] += 1
            }
            counts.total += 1
            return nil
        }
    }

    /// Uncounts a connection.
    func leave(_ address: SocketAddress?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let host = address?.host, let count = counts.perHost[host] else { return }
            // Addresses without connections are forgotten: there are too many addresses to keep.
            counts.perHost[host] = count == 1 ? nil : count - 1
        }
    }
}
