// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/healthz` for "restart me if this fails" and `/readyz` for "send me requests while this holds". A full queue does
/// not make a server unready: taking it out of rotation would move its load to replicas that are as busy.
struct HealthRoutes: Sendable {
    let readiness: Readiness

    func add(to router: inout Router) {
        router.get("/healthz") { request in
            _ = try ParameterParser.none.parse(request)
            return .text("ok\n", headers: ["Cache-Control": "no-store"])
        }
        router.get("/readyz") { request in
            _ = try ParameterParser.none.parse(request)
            guard readiness.isReady else {
                throw HTTPError(.serviceUnavailable, detail: "The server is shutting down.")
            }
            return .text("ready\n", headers: ["Cache-Control": "no-store"])
        }
    }
}
