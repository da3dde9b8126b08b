// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

/// `/` and what belongs to it, as a browser asks for it. `Tests/Page` tries the page itself in one.
@Suite(.timeLimit(.minutes(2))) struct PageRoutesTests {
    private let application: Application

    init() async throws {
        let configuration = try await ServerConfiguration.load(
            flags: ["workers.count": "1", "http.port": "0"], environment: [:])
        application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
    }

    private func send(_ target: String) async throws -> HTTPResponse {
        try await application.handler.handle(HTTPRequest(target: target))
    }

    private func page() async throws -> String {
        String(decoding: try await send("/").body, as: UTF8.self)
    }

    /// The addresses that a text names in this way.
    private func addresses(in text: String, _ pattern: Regex<(Substring, Substring)>) -> [String] {
        text.matches(of: pattern).map { String($0.output.1) }
    }

    @Test func everyFileOfThePageIsInTheProgram() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/FaceServer/Resources/Page")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(PageFiles.all.map(\.name)) == Set(names))
        for (name, bytes) in PageFiles.all {
            #expect(try Data(contentsOf: folder.appendingPathComponent(name)) == Data(bytes), "\(name)")
        }
        #expect(PageFiles.all.first?.name == "index.html")
    }

    @Test func everythingThatThePageAndItsScriptsNameIsThere() async throws {
        let named = addresses(in: try await page(), #/(?:href|src)="(/page/[^"]+)"/#)
        var waiting = named
        var seen: Set<String> = []
        while let address = waiting.popLast() {
            guard seen.insert(address).inserted else { continue }
            let response = try await send(address)
            #expect(response.status == .ok, "\(address)")
            #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable")
            let types = ["css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]
            let type = types[address.split(separator: ".").last.map(String.init) ?? ""] ?? "none"
            #expect(response.headers["Content-Type"] == type + "; charset=utf-8")
            let folder = address.prefix(through: address.lastIndex(of: "/") ?? address.startIndex)
            let text = String(decoding: response.body, as: UTF8.self)
            waiting += addresses(in: text, #/from "\./([^"]+)"/#).map { folder + $0 }
        }
        #expect(named.count == 3, "an icon, a style sheet and a script")
        #expect(seen.count > 10, "the script's modules")
    }

    @Test func scriptsOfAnotherVersionAreNotThere() async throws {
        let version = try #require(addresses(in: try await page(), #/href="/page/([^/]+)/page.css"/#).first)
        #expect(version.count == 12)
        for target in [
            "/page/000000000000/page.css", "/page//page.css", "/page/\(version)/index.html", "/page/\(version)/",
            "/page/\(version)/..%2Findex.html", "/page.css",
        ] {
            let response = try await send(target)
            #expect(response.status == .notFound, "\(target)")
            #expect(response.headers["Cache-Control"] == "no-store", "\(target)")
        }
    }

    @Test func nothingInlineAndNothingFromElsewhere() async throws {
        let policy = try #require(try await send("/").headers["Content-Security-Policy"])
        let directives = policy.split(separator: ";").map { $0.trimmingPrefix(while: { $0 == " " }).description }
        #expect(directives.contains("default-src 'none'"))
        #expect(directives.contains("script-src 'self'"))
        #expect(directives.contains("style-src 'self'"))
        #expect(!policy.contains("unsafe"))
        #expect(!policy.contains("http"))
        let html = try await page()
        #expect(!html.contains("style="))
        #expect(html.matches(of: #/\son[a-z]+=/#).isEmpty)
        #expect(html.matches(of: #/<script(?![^>]*src=)/#).isEmpty)
    }

    @Test func statusTellsHowTheServerIs() async throws {
        func status() async throws -> [String: Any] {
            let response = try await send("/status")
            #expect(response.headers["Cache-Control"] == "no-store")
            return try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        }
        let before = try await status()
        #expect(before["queue"] as? Int == 0)
        #expect(before["workers"] as? Int == 1)
        #expect(before["batches"] as? Int == 0)
        for target in ["/faces/1.png", "/faces/2.png", "/faces/1.png"] {
            _ = try await send(target)
        }
        let after = try await status()
        #expect(after["batches"] as? Int == 2)
        #expect(after["faces"] as? Int == 2)
        let cache = try #require(after["cache"] as? [String: Int])
        #expect(cache["lookups"] == 3)
        #expect(cache["hits"] == 1)
        #expect(cache["entries"] == 2)
        #expect(cache["bytes"] ?? 0 > 1000)
    }

    @Test func statusGoesWithTheMetrics() async throws {
        let configuration = try await ServerConfiguration.load(
            flags: ["metrics.enabled": "false", "workers.count": "1", "http.port": "0"], environment: [:])
        let application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
        #expect(try await application.handler.handle(HTTPRequest(target: "/status")).status == .notFound)
    }
}
