// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ServerMetricsTests {
    /// The lines of a histogram whose buckets hold the given cumulative counts.
    private func histogram(
        _ name: String, _ help: String, labels: String = "", _ buckets: [(String, Int)], sum: String
    ) -> String {
        let separator = labels.isEmpty ? "" : ","
        let lines = buckets.map { "\(name)_bucket{\(labels)\(separator)le=\"\($0.0)\"} \($0.1)\n" }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        return "# HELP \(name) \(help)\n# TYPE \(name) histogram\n" + lines.joined()
            + "\(name)_sum\(braces) \(sum)\n\(name)_count\(braces) \(buckets.last?.1 ?? 0)\n"
    }

    private static let request = [
        "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10",
        "30", "+Inf",
    ]
    private static let work = [
        "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf",
    ]

    /// Buckets of which the first `empty` hold nothing and all others `count`.
    private func buckets(_ bounds: [String], empty: Int, count: Int) -> [(String, Int)] {
        bounds.enumerated().map { ($1, $0 < empty ? 0 : count) }
    }

    @Test func pageHasEveryFamily() {
        let metrics = ServerMetrics()
        metrics.requestBegan()
        metrics.requestBegan()
        metrics.requestEnded(route: "/faces/{seed}.png", status: 200, duration: .milliseconds(30))
        metrics.recordQueueWait(.milliseconds(250))
        metrics.recordBatch(size: 3)
        metrics.recordInference(model: "ffhq \"v2\"", .seconds(11))
        metrics.recordPNG(.milliseconds(1))
        metrics.recordCacheHit(.memory)
        metrics.recordCacheMiss(.memory)
        metrics.recordCacheMiss(.disk)
        metrics.recordCacheEviction(.disk)
        metrics.recordCacheFault(.corrupt)
        metrics.recordJoined()
        metrics.recordCancelled()
        metrics.recordRejected(.queueFull)
        metrics.recordRejected(.queueFull)
        metrics.recordRejected(.rateLimited)
        metrics.recordReload(.succeeded)

        let page = metrics.exposition(
            status: ServerStatus(
                queueDepth: 4, busyWorkers: 1, workers: 2, caches: [.memory: .init(entries: 5, bytes: 6_000_000)],
                lostLogLines: 12),
            process: ProcessStatus(
                residentBytes: 4096, virtualBytes: 8192, cpuSeconds: 1.25, openDescriptors: 7, maxDescriptors: 1024,
                startTime: 1_700_000_000.5),
            version: "1.2.3", revision: "abc")
        let expected =
            """
            # HELP faceserver_build_info What this build is; always 1.
            # TYPE faceserver_build_info gauge
            faceserver_build_info{version="1.2.3",revision="abc"} 1

            """
            + histogram(
                "faceserver_request_duration_seconds", "Time to answer a request, by route pattern and status.",
                labels: #"route="/faces/{seed}.png",status="200""#, buckets(Self.request, empty: 6, count: 1),
                sum: "0.03")
                + """
                # HELP faceserver_requests_in_flight Requests that are being answered.
                # TYPE faceserver_requests_in_flight gauge
                faceserver_requests_in_flight 1
                # HELP faceserver_joined_total Requests that waited for a face which another had asked for.
                # TYPE faceserver_joined_total counter
                faceserver_joined_total 1
                # HELP faceserver_cancelled_total Queued computations given up because nobody waited any more.
                # TYPE faceserver_cancelled_total counter
                faceserver_cancelled_total 1
                # HELP faceserver_rejected_total Requests turned away, by reason.
                # TYPE faceserver_rejected_total counter
                faceserver_rejected_total{reason="queue_full"} 2
                faceserver_rejected_total{reason="deadline"} 0
                faceserver_rejected_total{reason="rate_limited"} 1
                faceserver_rejected_total{reason="draining"} 0
                faceserver_rejected_total{reason="unauthorized"} 0
                # HELP faceserver_reloads_total Reloads of the models, by outcome.
                # TYPE faceserver_reloads_total counter
                faceserver_reloads_total{outcome="succeeded"} 1
                faceserver_reloads_total{outcome="failed"} 0
                # HELP faceserver_queue_depth Requests that wait for a worker.
                # TYPE faceserver_queue_depth gauge
                faceserver_queue_depth 4
                # HELP faceserver_workers Workers there are.
                # TYPE faceserver_workers gauge
                faceserver_workers 2
                # HELP faceserver_workers_busy Workers that compute.
                # TYPE faceserver_workers_busy gauge
                faceserver_workers_busy 1

                """
            // 0.25 lies in the bucket whose bound it equals.
            + histogram(
                "faceserver_queue_wait_seconds", "Time that a request waited for a worker.",
                buckets(Self.request, empty: 8, count: 1), sum: "0.25")
            + histogram(
                "faceserver_batch_size", "Requests that a worker took at once.",
                buckets(["1", "2", "4", "8", "16", "32", "64", "+Inf"], empty: 2, count: 1), sum: "3")
            // Beyond every bound.
            + histogram(
                "faceserver_inference_duration_seconds", "Time that the network took for a batch, by model.",
                labels: #"model="ffhq \"v2\"""#, buckets(Self.work, empty: 13, count: 1), sum: "11")
            + histogram(
                "faceserver_png_duration_seconds", "Time to resize and compress a picture.",
                buckets(Self.work, empty: 0, count: 1), sum: "0.001")
                + """
                # HELP faceserver_cache_hits_total Faces found in a cache, by tier.
                # TYPE faceserver_cache_hits_total counter
                faceserver_cache_hits_total{tier="memory"} 1
                faceserver_cache_hits_total{tier="disk"} 0
                # HELP faceserver_cache_misses_total Faces not found in a cache, by tier.
                # TYPE faceserver_cache_misses_total counter
                faceserver_cache_misses_total{tier="memory"} 1
                faceserver_cache_misses_total{tier="disk"} 1
                # HELP faceserver_cache_evictions_total Faces removed to make room, by tier.
                # TYPE faceserver_cache_evictions_total counter
                faceserver_cache_evictions_total{tier="memory"} 0
                faceserver_cache_evictions_total{tier="disk"} 1
                # HELP faceserver_cache_faults_total Failures of the disk cache, by kind.
                # TYPE faceserver_cache_faults_total counter
                faceserver_cache_faults_total{kind="corrupt"} 1
                faceserver_cache_faults_total{kind="read"} 0
                faceserver_cache_faults_total{kind="write"} 0
                # HELP faceserver_cache_bytes Bytes that a cache holds, by tier.
                # TYPE faceserver_cache_bytes gauge
                faceserver_cache_bytes{tier="memory"} 6000000
                # HELP faceserver_cache_entries Faces that a cache holds, by tier.
                # TYPE faceserver_cache_entries gauge
                faceserver_cache_entries{tier="memory"} 5
                # HELP faceserver_log_lines_lost_total Lines of the log that nobody took in time.
                # TYPE faceserver_log_lines_lost_total counter
                faceserver_log_lines_lost_total 12
                # HELP process_cpu_seconds_total Time on processors, user and system.
                # TYPE process_cpu_seconds_total counter
                process_cpu_seconds_total 1.25
                # HELP process_resident_memory_bytes Memory in RAM.
                # TYPE process_resident_memory_bytes gauge
                process_resident_memory_bytes 4096
                # HELP process_virtual_memory_bytes Address space.
                # TYPE process_virtual_memory_bytes gauge
                process_virtual_memory_bytes 8192
                # HELP process_open_fds Open file descriptors.
                # TYPE process_open_fds gauge
                process_open_fds 7
                # HELP process_max_fds File descriptors there may be.
                # TYPE process_max_fds gauge
                process_max_fds 1024
                # HELP process_start_time_seconds Start of the process since the epoch.
                # TYPE process_start_time_seconds gauge
                process_start_time_seconds 1700000000.5

                """
        #expect(page == expected)
    }

    @Test func valueThatIsUnknownIsLeftOut() {
        let page = ServerMetrics().exposition(
            status: ServerStatus(), process: ProcessStatus(), version: "", revision: "")
        #expect(!page.contains("process_"))
        #expect(!page.contains("faceserver_cache_bytes{"))
    }

    @Test func seriesAreSortedSoThatPagesCompare() {
        let metrics = ServerMetrics()
        for (route, status) in [("/b", 200), ("/a", 503), ("/a", 200)] {
            metrics.requestEnded(route: route, status: status, duration: .zero)
        }
        metrics.requestEnded(route: nil, status: 404, duration: .zero)
        let page = metrics.exposition(status: ServerStatus(), process: ProcessStatus(), version: "", revision: "")
        let counts = page.split(separator: "\n").filter { $0.hasPrefix("faceserver_request_duration_seconds_count") }
        #expect(
            counts == [
                #"faceserver_request_duration_seconds_count{route="/a",status="200"} 1"#,
                #"faceserver_request_duration_seconds_count{route="/a",status="503"} 1"#,
                #"faceserver_request_duration_seconds_count{route="/b",status="200"} 1"#,
                #"faceserver_request_duration_seconds_count{route="none",status="404"} 1"#,
            ])
    }

    @Test func nothingIsLostBetweenThreads() async {
        let metrics = ServerMetrics()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        metrics.recordJoined()
                        metrics.recordCacheHit(.disk)
                        metrics.recordBatch(size: 2)
                    }
                }
            }
        }
        let page = metrics.exposition(status: ServerStatus(), process: ProcessStatus(), version: "", revision: "")
        #expect(page.contains("\nfaceserver_joined_total 8000\n"))
        #expect(page.contains("\nfaceserver_cache_hits_total{tier=\"disk\"} 8000\n"))
        #expect(page.contains("\nfaceserver_batch_size_sum 16000\nfaceserver_batch_size_count 8000\n"))
    }
}
