// SPDX-License-Identifier: Apache-2.0

/// Loads changed models anew, and frees and counts what follows from that.
struct ModelReloader: Sendable {
    let models: ModelRegistry
    let faces: FaceService
    let metrics: ServerMetrics

    func reload() async -> ModelReloadReport {
        let report = await models.reload()
        faces.dropUnused()
        metrics.recordReload(report.failed.isEmpty ? .succeeded : .failed)
        return report
    }
}
