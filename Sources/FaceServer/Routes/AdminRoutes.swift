// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `POST /admin/reload`, which does what SIGHUP does and tells the outcome. `AccessPolicy` lets in nobody without a key of
/// the scope `admin`.
struct AdminRoutes: Sendable {
    let reloader: ModelReloader

    func add(to router: inout Router) {
        router.post("/admin/reload") { request in
            _ = try ParameterParser.none.parse(request)
            let report = await reloader.reload()
            // A file that cannot be served is the caller's to mend; what was served before still is.
            return .json(
                try JSONText.encode(report) + "\n", status: report.failed.isEmpty ? .ok : .unprocessableContent,
                headers: ["Cache-Control": "no-store"])
        }
    }
}
