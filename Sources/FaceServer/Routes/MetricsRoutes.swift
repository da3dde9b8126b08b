// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/metrics` for Prometheus.
struct MetricsRoutes: Sendable {
    let metrics: ServerMetrics
    /// What the gauges show; called at each scrape.
    let status: @Sendable () -> ServerStatus
    let lostLogLines: @Sendable () -> Int

    func add(to router: inout Router) {
        router.get("/metrics") { request in
            _ = try ParameterParser.none.parse(request)
            var status = status()
            status.lostLogLines = lostLogLines()
            let text = metrics.exposition(
                status: status, process: .current,
                version: BuildInformation.version, revision: BuildInformation.revision)
            return .text(
                text, headers: ["Content-Type": PrometheusText.contentType, "Cache-Control": "no-store"])
        }
    }
}
