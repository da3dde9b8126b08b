// SPDX-License-Identifier: Apache-2.0

extension ServerMetrics {
    /// The page of `/metrics`. Its text is a function of what was recorded and of the arguments.
    func exposition(status: ServerStatus, process: ProcessStatus, version: String, revision: String) -> String {
        var page = PrometheusText()
        page.family("faceserver_build_info", .gauge, "What this build is; always 1.")
        page.sample("faceserver_build_info", [("version", version), ("revision", revision)], 1)
        addRequests(to: &page)
        addInference(to: &page, status)
        addCaches(to: &page, status)
        page.single(
            "faceserver_log_lines_lost_total", .counter, "Lines of the log that nobody took in time.",
            Double(status.lostLogLines))
        Self.addProcess(to: &page, process)
        return page.text
    }

    private func addRequests(to page: inout PrometheusText) {
        page.histogram(
            "faceserver_request_duration_seconds", "Time to answer a request, by route pattern and status.",
            requestDuration)
        page.single(
            "faceserver_requests_in_flight", .gauge, "Requests that are being answered.",
            Double(totals.inFlight.load(ordering: .relaxed)))
        page.single(
            "faceserver_joined_total", .counter, "Requests that waited for a face which another had asked for.",
            Double(totals.joined.load(ordering: .relaxed)))
        page.single(
            "faceserver_cancelled_total", .counter, "Queued computations given up because nobody waited any more.",
            Double(totals.cancelled.load(ordering: .relaxed)))
        page.counter("faceserver_rejected_total", "Requests turned away, by reason.", rejections)
        page.counter("faceserver_reloads_total", "Reloads of the models, by outcome.", reloads)
    }

    private func addInference(to page: inout PrometheusText, _ status: ServerStatus) {
        page.single(
            "faceserver_queue_depth", .gauge, "Requests that wait for a worker.", Double(status.queueDepth))
        page.single("faceserver_workers", .gauge, "Workers there are.", Double(status.workers))
        page.single("faceserver_workers_busy", .gauge, "Workers that compute.", Double(status.busyWorkers))
        page.histogram("faceserver_queue_wait_seconds", "Time that a request waited for a worker.", queueWait)
        page.histogram("faceserver_batch_size", "Requests that a worker took at once.", batchSize)
        page.histogram(
            "faceserver_inference_duration_seconds", "Time that the network took for a batch, by model.",
            inferenceDuration)
        page.histogram(
            "faceserver_png_duration_seconds", "Time to resize and compress a picture.", pngDuration)
    }

    private func addCaches(to page: inout PrometheusText, _ status: ServerStatus) {
        page.counter("faceserver_cache_hits_total", "Faces found in a cache, by tier.", cacheHits)
        page.counter("faceserver_cache_misses_total", "Faces not found in a cache, by tier.", cacheMisses)
        page.counter("faceserver_cache_evictions_total", "Faces removed to make room, by tier.", cacheEvictions)
        page.counter("faceserver_cache_faults_total", "Failures of the disk cache, by kind.", cacheFaults)
        page.family("faceserver_cache_bytes", .gauge, "Bytes that a cache holds, by tier.")
        for (tier, usage) in usages(status) {
            page.sample("faceserver_cache_bytes", [(CacheTier.labelName, tier.rawValue)], Double(usage.bytes))
        }
        page.family("faceserver_cache_entries", .gauge, "Faces that a cache holds, by tier.")
        for (tier, usage) in usages(status) {
            page.sample("faceserver_cache_entries", [(CacheTier.labelName, tier.rawValue)], Double(usage.entries))
        }
    }

    private func usages(_ status: ServerStatus) -> [(tier: CacheTier, usage: ServerStatus.CacheUsage)] {
        CacheTier.allCases.compactMap { tier in status.caches[tier].map { (tier, $0) } }
    }

    private static func addProcess(to page: inout PrometheusText, _ process: ProcessStatus) {
        let rows: [(name: String, kind: PrometheusText.Kind, help: String, value: Double?)] = [
            ("process_cpu_seconds_total", .counter, "Time on processors, user and system.", process.cpuSeconds),
            ("process_resident_memory_bytes", .gauge, "Memory in RAM.", process.residentBytes.map(Double.init)),
            ("process_virtual_memory_bytes", .gauge, "Address space.", process.virtualBytes.map(Double.init)),
            ("process_open_fds", .gauge, "Open file descriptors.", process.openDescriptors.map(Double.init)),
            ("process_max_fds", .gauge, "File descriptors there may be.", process.maxDescriptors.map(Double.init)),
            ("process_start_time_seconds", .gauge, "Start of the process since the epoch.", process.startTime),
        ]
        for row in rows {
            if let value = row.value {
                page.single(row.name, row.kind, row.help, value)
            }
        }
    }
}
