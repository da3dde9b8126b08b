// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

extension HTTPServer {
    /// Gives a new connection to the next event loop. Where the server is full, the connection that has been at rest
    /// for longest makes room; where none is at rest, the new one is turned away.
    func accepted(_ socket: Socket, from address: SocketAddress?, _ loops: [EventLoop]) {
        let peer = address?.ipAddress
        guard Int(socket.descriptor) < budget.firstRefusedDescriptor else {
            return refuse(socket, from: peer, because: .noDescriptor)
        }
        switch gate.enter(peer) {
        case nil:
            let index = nextLoop.wrappingAdd(1, ordering: .relaxed).oldValue
            serve(socket, address, peer, on: loops[Int(UInt(bitPattern: index) % UInt(loops.count))])
        case .tooMany:
            guard let loop = EventLoop.longestResting(loops) else {
                return refuse(socket, from: peer, because: .tooMany)
            }
            loop.execute {
                // Others may come between the closing and the entering: of those who come first one is served.
                if loop.closeLongestResting(), self.gate.enter(peer) == nil {
                    self.serve(socket, address, peer, on: loop)
                } else {
                    self.refuse(socket, from: peer, because: .tooMany)
                }
            }
        case let refusal?: refuse(socket, from: peer, because: refusal)
        }
    }

    private func serve(_ socket: Socket, _ address: SocketAddress?, _ peer: IPAddress?, on loop: EventLoop) {
        connections.enter()
        let settings = HTTPConnection.StateMachine.Settings(
            limits: configuration.limits, timeouts: configuration.timeouts,
            maxPipelinedRequests: max(1, configuration.maxPipelinedRequests),
            maxWriteBufferBytes: max(1, configuration.maxWriteBufferBytes))
        let connection = HTTPConnection(
            socket: socket, remoteAddress: address, peer: peer, trustedProxies: trustedProxies, loop: loop,
            runner: runner, settings: settings, encoder: encoder,
            onRefusal: onRefusal,
            onClosed: { [gate, connections] in
                gate.leave(peer)
                connections.leave()
            })
        loop.execute { connection.start() }
    }

    private func refuse(_ socket: Socket, from peer: IPAddress?, because refusal: ConnectionGate.Refusal) {
        let second = time(nil)
        if lastRefusalLog.exchange(second, ordering: .relaxed) != second {
            logger.warning(
                "connections are refused",
                metadata: ["reason": "\(refusal)", "from": "\(peer.map { "\($0)" } ?? "-")"])
        }
        let response = ConnectionRefusal.refuse(socket, encoder: encoder)
        onRefusal(HTTPRefusal(response, request: nil, client: peer))
    }
}
