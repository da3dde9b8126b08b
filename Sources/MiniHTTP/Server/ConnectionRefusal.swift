// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Turns a connection away that there is no room for, without keeping any state for it.
enum ConnectionRefusal {
    /// Sends a 503, which it returns, and closes the socket. Never waits: the empty send buffer of a new socket holds the
    /// response.
    static func refuse(_ socket: Socket, encoder: HTTPResponseEncoder) -> HTTPResponse {
        let error = HTTPError(
            .serviceUnavailable, detail: "The server has no room for another connection.", headers: ["Retry-After": "1"]
        )
        let response = error.response()
        let date = HTTPDate.string(secondsSinceEpoch: time(nil))
        let context = HTTPResponseEncoder.Context(keepsAlive: false)
        if let encoded = try? encoder.encode(response, context, date: date) {
            var output = OutputBuffer()
            output.append(encoded.head)
            output.append(encoded.body)
            _ = try? output.flush(to: socket)
        }
        socket.shutdownWrite()
        // Closing on unread input would send RST, and the client would lose the response.
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 16) { buffer in
            _ = try? socket.read(into: buffer)
        }
        socket.close()
        return response
    }
}
