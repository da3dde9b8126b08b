// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension ServerConfiguration {
    /// The part of the configuration that is the HTTP server's.
    var http: HTTPServer.Configuration {
        var http = HTTPServer.Configuration()
        http.host = host
        http.port = port
        http.maxConnections = maxConnections
        return http
    }
}
