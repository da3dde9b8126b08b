// SPDX-License-Identifier: Apache-2.0

/// How long a client may take. A deadline passes within a tenth of a second of its time.
public struct HTTPTimeouts: Sendable, Equatable {
    /// From the connection, or the first byte of a later request, to the end of the header section (default 10 s):
    /// 408, or nothing where no byte has come.
    public var header: Duration
    /// From the end of the header section to the end of the body (default 30 s): 408.
    public var body: Duration
    /// Between requests (default 60 s): the connection closes.
    public var idle: Duration
    /// For the client to take 64 KiB of what waits to be sent, or all that is left (default 30 s): the connection is
    /// reset.
    public var write: Duration
    /// For the client to close after the server has said `Connection: close` (default 2 s). Closing at once would
    /// reset the connection under data that is still coming, and the client would lose the response (RFC 9112
    /// section 9.6).
    public var linger: Duration
    /// How long a client that has shut down its sending side waits before it is sent `102 Processing`, and between
    /// these (default 2 s; nil never). A client that is gone looks the same until something is sent to it; its reset
    /// then cancels the handler.
    public var halfClosedProbe: Duration?

    /// Makes timeouts; each has the default named at its property.
    public init(
        header: Duration = .seconds(10),
        body: Duration = .seconds(30),
        idle: Duration = .seconds(60),
        write: Duration = .seconds(30),
        linger: Duration = .seconds(2),
        halfClosedProbe: Duration? = .seconds(2)
    ) {
        self.header = header
        self.body = body
        self.idle = idle
        self.write = write
        self.linger = linger
        self.halfClosedProbe = halfClosedProbe
    }
}
