// SPDX-License-Identifier: Apache-2.0

/// The proxies whose word on where a request comes from is taken.
struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    func contains(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// The client of a request that came from `peer`: the peer itself, unless it is a trusted proxy. Then the fields
    /// that proxies write are walked from right to left, since each proxy adds what it saw at the right end: the first
    /// address that is not a trusted proxy's is the client. An element that is not an address ends the walk at the
    /// last trusted proxy, because what stands left of it was not seen by anyone who is trusted.
    ///
    /// Proxies write one of `Forwarded` and `X-Forwarded-For` and pass the other on as the client sent it. So where
    /// both are there they have to agree; otherwise neither is believed, and the client is the peer.
    func client(peer: IPAddress, headers: HTTPHeaders) -> IPAddress {
        guard !networks.isEmpty, contains(peer) else { return peer }
        let forwarded = headers.values(for: "Forwarded")
        let xForwardedFor = headers.values(for: "X-Forwarded-For")
        let clients = [
            forwarded.isEmpty ? nil : walk(ForwardedElements.forwarded(forwarded), from: peer),
            xForwardedFor.isEmpty ? nil : walk(ForwardedElements.xForwardedFor(xForwardedFor), from: peer),
        ].compactMap(\.self)
        guard let first = clients.first, clients.allSatisfy({ $0 == first }) else { return peer }
        return first
    }

    private func walk(_ elements: [IPAddress?], from peer: IPAddress) -> IPAddress {
        var last = peer
        for element in elements.reversed() {
            guard let element else { return last }
            last = element
            if !contains(element) { return element }
        }
        return last
    }
}
