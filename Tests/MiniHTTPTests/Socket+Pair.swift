// SPDX-License-Identifier: Apache-2.0

import Glibc

@testable import MiniHTTP

extension Socket {
    /// Two connected non-blocking sockets.
    static func pair() throws -> (Socket, Socket) {
        var descriptors: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &descriptors) == 0 else {
            throw SocketError("cannot make a pair of sockets", errno: errno)
        }
        return (Socket(descriptor: descriptors[0]), Socket(descriptor: descriptors[1]))
    }
}
