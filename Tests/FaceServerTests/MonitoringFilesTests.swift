// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import FaceServer

/// The dashboard and the alerts must not ask for metrics or labels that there are not.
@Suite struct MonitoringFilesTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("config")

    /// What Prometheus itself adds to every series.
    private static let targetLabels: Set<String> = ["job", "instance"]

    /// The names of all series with the labels that they have, read off a page where everything was recorded once.
    private static let series: [String: Set<String>] = {
        let metrics = ServerMetrics()
        metrics.requestBegan()
        metrics.requestEnded(route: "/", status: 200, duration: .zero)
        metrics.recordInference(model: "a", .zero)
        let page = metrics.exposition(
            status: ServerStatus(caches: [.memory: .init(), .disk: .init()]),
            process: ProcessStatus(
                residentBytes: 1, virtualBytes: 1, cpuSeconds: 1, openDescriptors: 1, maxDescriptors: 1, startTime: 1),
            version: "", revision: "")
        var series: [String: Set<String>] = [:]
        for line in page.split(separator: "\n") where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " }
            series[String(name)] = Set(line.matches(of: #/([a-z]+)="/#).map { String($0.output.1) })
        }
        return series
    }()

    private struct Dashboard: Decodable {
        struct Target: Decodable {
            let expr: String
        }

        struct Panel: Decodable {
            let id: Int
            let title: String
            let targets: [Target]?
        }

        let panels: [Panel]
    }

    private func dashboard() throws -> Dashboard {
        let file = Self.folder.appendingPathComponent("grafana/faceserver.json")
        return try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: file))
    }

    /// The series that an expression names.
    private func names(_ expression: String) -> Set<String> {
        Set(expression.matches(of: #/\b(?:faceserver|process)_[a-z_]+/#).map { String($0.output) })
    }

    private func check(_ expression: String, _ place: String) {
        let names = names(expression)
        #expect(!names.isEmpty, "\(place)")
        for name in names {
            #expect(Self.series[name] != nil, "\(place): there is no \(name)")
        }
        let known = names.reduce(into: Self.targetLabels) { $0.formUnion(Self.series[$1] ?? []) }
        let matched = expression.matches(of: #/([a-z]+)\s*=~?\s*"/#).map { String($0.output.1) }
        let grouped = expression.matches(of: #/by \(([a-z, ]+)\)/#).flatMap {
            $0.output.1.split(separator: ",").map { $0.trimmingSpaces() }
        }
        for label in matched + grouped {
            #expect(known.contains(label), "\(place): \(names.sorted()) have no label \(label)")
        }
    }

    @Test func dashboardAsksForWhatThereIs() throws {
        for panel in try dashboard().panels {
            for target in panel.targets ?? [] {
                check(target.expr, panel.title)
            }
        }
    }

    @Test func dashboardShowsEveryFamily() throws {
        let shown = try dashboard().panels.flatMap { $0.targets ?? [] }.reduce(into: Set<String>()) {
            $0.formUnion(names($1.expr))
        }
        func family(_ name: String) -> String {
            for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
                return String(name.dropLast(suffix.count))
            }
            return name
        }
        #expect(Set(Self.series.keys.map(family)).subtracting(shown.map(family)).isEmpty)
    }

    @Test func panelsHaveIdentifiersOfTheirOwn() throws {
        let ids = try dashboard().panels.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func alertsAskForWhatThereIs() throws {
        let text = try String(
            contentsOf: Self.folder.appendingPathComponent("prometheus/rules.yaml"), encoding: .utf8)
        let rules = text.components(separatedBy: "- alert: ").dropFirst()
        #expect(rules.count == 6)
        for rule in rules {
            let lines = rule.split(separator: "\n", omittingEmptySubsequences: false)
            // From `expr:` to the next key of the rule.
            let start = try #require(lines.firstIndex { $0.hasPrefix("        expr:") })
            let end = lines[(start + 1)...].firstIndex { $0.hasPrefix("        ") && !$0.hasPrefix("         ") }
            check(lines[start..<(end ?? lines.endIndex)].joined(separator: "\n"), String(lines[0]))
        }
    }
}
