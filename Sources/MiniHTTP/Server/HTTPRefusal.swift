// SPDX-License-Identifier: Apache-2.0

/// An answer that the server gave without its handler: to what it could not read as a request, or to a connection for
/// which it had no room.
public struct HTTPRefusal: Sendable {
    /// The status of the answer.
    public let status: HTTPStatus
    /// Bytes of the answer's body.
    public let bytes: Int
    /// As much of the request as could be read, without its body; nil where that is not even the request line.
    public let request: HTTPRequest?
    /// Where it came from; as `HTTPRequest.clientAddress`.
    public let client: IPAddress?

    init(_ response: HTTPResponse, request: HTTPRequest?, client: IPAddress?) {
        status = response.status
        bytes = response.body.count
        self.request = request
        self.client = client
    }
}
