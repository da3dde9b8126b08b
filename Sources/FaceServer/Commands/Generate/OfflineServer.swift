// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import MiniHTTP
import Synchronization

/// The server without its sockets: gives what a URL gives, with other bounds.
struct OfflineServer {
    private let application: Application

    /// - Throws: `CommandFailure` when the model cannot be loaded.
    init(_ network: NetworkOptions) async throws {
        let flags = [
            "model.path": network.network, "model.sha256": network.checksum.expected, "truncation.default": "1",
            "queue.maxDepth": "100000", "queue.timeout": "1h", "queue.maxTimeout": "1h",
            "composite.maxCells": "10000", "composite.maxPixels": "1073741824", "composite.maxFrames": "10000",
        ].compactMapValues { $0 }
        // The environment configures the server that runs here, which this is not.
        let configuration = try await ServerConfiguration.load(flags: flags, environment: [:])
        application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
    }

    /// What the bounds of the parameters depend on.
    var traits: ModelTraits { application.models.catalog.defaultEntry.traits }

    /// The file that a URL gives.
    ///
    /// - Parameters:
    ///   - target: path and query
    ///   - total: how many faces it is made of at most
    /// - Throws: `CommandFailure` that names what is wrong
    func file(_ target: String, of total: Int = 1) async throws -> [UInt8] {
        let metrics = application.metrics
        let progress = ProgressDisplay(total: total) {
            metrics.pngDuration.values.reduce(0) { $0 + $1.series.counts.reduce(0, +) }
        }
        defer { progress.end() }
        let response = try await application.handler.handle(HTTPRequest(target: target))
        guard response.status == .ok else {
            throw Self.failure(response, target)
        }
        guard let stream = response.stream else { return response.body }
        let received = Mutex<[UInt8]>([])
        do {
            try await stream.run { piece in received.withLock { $0 += piece } }
        } catch {
            throw CommandFailure("\(target): \(error)")
        }
        return received.withLock { $0 }
    }

    /// Path and query, with escapes where a query needs them.
    static func target(_ path: String, _ items: [(name: String, value: String)]) -> String {
        let query = items.map { "\($0.name)=\(PercentEncoded.text(of: $0.value, keeping: "-._~,:"))" }
        return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    /// The problem in words of the command line.
    private static func failure(_ response: HTTPResponse, _ target: String) -> CommandFailure {
        struct Problem: Decodable {
            let detail: String
            let parameter: String?
            let value: String?
            let allowed: String?
        }
        guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(response.body)) else {
            return CommandFailure("\(target): \(response.status)")
        }
        guard let parameter = problem.parameter, let allowed = problem.allowed else {
            return CommandFailure("\(target): \(problem.detail)")
        }
        return PictureOptions.failure(parameter, problem.value, allowed: allowed)
    }
}
