// SPDX-License-Identifier: Apache-2.0

import Glibc

extension HTTPServer {
    /// Where a server listens and what it bears.
    public struct Configuration: Sendable {
        /// The address or name to bind (default `127.0.0.1`); `::` takes IPv6 and IPv4.
        public var host: String
        /// The port to bind (default 8080); 0 lets the system choose.
        public var port: Int
        /// The largest request.
        public var limits: HTTPLimits
        /// How long clients may take.
        public var timeouts: HTTPTimeouts
        /// Open connections in all (default 10,000). For a connection beyond, the one that has been idle for longest is
        /// closed; where none is idle, the new one is answered 503 and closed. The process's soft limit on open files is
        /// raised for it as far as the hard limit allows; where that is not far enough, fewer connections are taken, so
        /// that the process never runs out.
        public var maxConnections: Int
        /// Open connections of one IPv4 address or IPv6 /64 (default nil: no bound but `maxConnections`, since behind a
        /// proxy every client has the proxy's address). A connection beyond is answered 503 and closed. Trusted proxies
        /// have no bound.
        public var maxConnectionsPerAddress: Int?
        /// The proxies whose `X-Forwarded-For` and `Forwarded` are believed (default none), which decides
        /// `HTTPRequest.clientAddress`.
        public var trustedProxies: [IPNetwork]
        /// Connections that the kernel queues until they are accepted (default 1024).
        public var backlog: Int
        /// Requests of one connection that are read before the first is answered (default 8). Reading pauses there.
        public var maxPipelinedRequests: Int
        /// Response bytes of one connection that wait for the client before no further request is read or started
        /// (default 1 MiB). A connection holds at most this and the responses of `maxPipelinedRequests`.
        public var maxWriteBufferBytes: Int
        /// The `Server` field; nil (the default) leaves it out.
        public var serverName: String?
        /// Event loops, each a thread with its own share of the connections (default: one for each core).
        public var eventLoopCount: Int

        /// Makes a configuration; each value has the default named at its property.
        public init(
            host: String = "127.0.0.1",
            port: Int = 8080,
            limits: HTTPLimits = HTTPLimits(),
            timeouts: HTTPTimeouts = HTTPTimeouts(),
            maxConnections: Int = 10_000,
            maxConnectionsPerAddress: Int? = nil,
            trustedProxies: [IPNetwork] = [],
            backlog: Int = 1024,
            maxPipelinedRequests: Int = 8,
            maxWriteBufferBytes: Int = 1024 * 1024,
            serverName: String? = nil,
            eventLoopCount: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        ) {
            self.host = host
            self.port = port
            self.limits = limits
            self.timeouts = timeouts
            self.maxConnections = maxConnections
            self.maxConnectionsPerAddress = maxConnectionsPerAddress
            self.trustedProxies = trustedProxies
            self.backlog = backlog
            self.maxPipelinedRequests = maxPipelinedRequests
            self.maxWriteBufferBytes = maxWriteBufferBytes
            self.serverName = serverName
            self.eventLoopCount = eventLoopCount
        }
    }
}
