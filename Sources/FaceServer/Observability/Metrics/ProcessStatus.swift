// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// What the kernel says of this process, under the names that Prometheus's clients share. A value that `/proc` does
/// not tell is nil, and its metric is left out.
struct ProcessStatus: Sendable, Equatable {
    var residentBytes: Int?
    var virtualBytes: Int?
    var cpuSeconds: Double?
    var openDescriptors: Int?
    var maxDescriptors: Int?
    /// Seconds since the epoch.
    var startTime: Double?
}

extension ProcessStatus {
    /// The present state of this process.
    static var current: ProcessStatus {
        var limit = rlimit()
        let hasLimit = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return ProcessStatus(
            stat: text(of: "/proc/self/stat"),
            bootTime: text(of: "/proc/stat").flatMap(bootTime(stat:)),
            ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
            pageBytes: sysconf(Int32(_SC_PAGESIZE)),
            // One of the entries is the descriptor that lists the folder.
            openDescriptors: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map {
                $0.count - 1
            },
            maxDescriptors: hasLimit ? Int(clamping: limit.rlim_cur) : nil
        )
    }

    /// - Parameters:
    ///   - stat: the text of proc(5) `/proc/self/stat`.
    ///   - bootTime: when the system started, in seconds since the epoch.
    init(
        stat: String?, bootTime: Int?, ticksPerSecond: Int, pageBytes: Int, openDescriptors: Int?,
        maxDescriptors: Int?
    ) {
        self.openDescriptors = openDescriptors
        self.maxDescriptors = maxDescriptors
        // The second field is the program's name in parentheses, which may hold spaces and parentheses.
        guard let stat, let end = stat.lastIndex(of: ")"), ticksPerSecond > 0 else {
            return
        }
        let fields = stat[stat.index(after: end)...].split(separator: " ").map(String.init)
        // proc(5) counts from 1 and from the process id; `fields` starts with field 3.
        func field(_ number: Int) -> Int? {
            fields.indices.contains(number - 3) ? Int(fields[number - 3]) : nil
        }
        residentBytes = field(24).map { $0 * pageBytes }
        virtualBytes = field(23)
        if let user = field(14), let system = field(15) {
            cpuSeconds = Double(user + system) / Double(ticksPerSecond)
        }
        if let start = field(22), let bootTime {
            startTime = Double(bootTime) + Double(start) / Double(ticksPerSecond)
        }
    }

    /// The `btime` line of proc(5) `/proc/stat`.
    static func bootTime(stat: String) -> Int? {
        for line in stat.split(separator: "\n") where line.hasPrefix("btime ") {
            return Int(line.dropFirst("btime ".count))
        }
        return nil
    }

    private static func text(of path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
