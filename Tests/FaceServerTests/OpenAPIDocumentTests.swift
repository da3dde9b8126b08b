// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(2))) struct OpenAPIDocumentTests {
    private let folder = TemporaryFolder()

    private func document(_ application: Application) async throws -> [String: Any] {
        let response = try await application.handler.handle(HTTPRequest(target: "/openapi.json"))
        #expect(response.headers["Content-Type"] == "application/json")
        return try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    }

    private func paths(_ document: [String: Any]) throws -> [String: [String: [String: Any]]] {
        try #require(document["paths"] as? [String: [String: [String: Any]]])
    }

    private func text(_ json: Any?) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: try #require(json), options: .sortedKeys)
        return String(decoding: data, as: UTF8.self)
    }

    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        for isMeasured in [true, false] {
            let application = try await folder.tinyApplication(["metrics.enabled": "\(isMeasured)"])
            let router = try #require((application.handler as? ApplicationHandler)?.router)
            let routes = router.endpoints.map {
                "\($0.method) \($0.pattern.replacingOccurrences(of: "/models/{name}/", with: "/models/tiny/"))"
            }
            let described = try paths(try await document(application)).flatMap { path, operations in
                operations.keys.map { "\($0.uppercased()) \(path)" }
            }
            #expect(Set(described) == Set(routes))
            #expect(routes.contains("GET /metrics") == isMeasured)
        }
    }

    @Test func everyParameterOfAPathIsDeclared() async throws {
        for (path, operations) in try paths(try await document(try await folder.tinyApplication())) {
            for (method, operation) in operations {
                let parameters = try #require(operation["parameters"] as? [[String: Any]])
                let declared = parameters.filter { $0["in"] as? String == "path" }.compactMap { $0["name"] as? String }
                let named = path.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) }
                #expect(declared.sorted() == named.sorted(), "\(method) \(path)")
                #expect(Set(parameters.compactMap { $0["name"] as? String }).count == parameters.count, "\(path)")
            }
        }
    }

    @Test func boundsAreThoseOfTheModel() async throws {
        let paths = try paths(try await document(try await folder.tinyApplication()))
        let parameters = try #require(paths["/faces/{seed}.png"]?["get"]?["parameters"] as? [[String: Any]])
        func schema(_ name: String) throws -> String? {
            try parameters.first { $0["name"] as? String == name }.map { try text($0["schema"]) }
        }
        #expect(try schema("seed") == #"{"maximum":4294967295,"minimum":0,"type":"integer"}"#)
        #expect(try schema("size") == #"{"maximum":16,"minimum":8,"type":"integer"}"#)
        #expect(try schema("truncation") == #"{"maximum":2,"minimum":-2,"type":"number"}"#)
        #expect(try schema("class") == nil, "an unconditional model")
        #expect(try schema("quality") == nil, "a PNG")
        #expect(try schema("noise") == #"{"enum":["const","random","none"],"type":"string"}"#)
    }

    @Test func whatNeedsAKeySaysSo() async throws {
        let open = try paths(try await document(try await folder.tinyApplication()))
        #expect(try text(open["/faces/{seed}.png"]?["get"]?["security"]) == "[]")
        #expect(try text(open["/admin/reload"]?["post"]?["security"]) == #"[{"key":[]}]"#)
        let description = OpenAPIDocument(
            try await folder.tinyApplication().models.catalog, isOpen: false, isMeasured: true)
        let encoded = try JSONText.encode(description.json)
        let closed = try paths(
            try #require(try JSONSerialization.jsonObject(with: Data(encoded.utf8)) as? [String: Any]))
        #expect(try text(closed["/faces/{seed}.png"]?["get"]?["security"]) == #"[{"key":[]},{"signature":[]}]"#)
        #expect(try text(closed["/healthz"]?["get"]?["security"]) == "[]")
    }

    @Test func documentHasATag() async throws {
        let application = try await folder.tinyApplication()
        let response = try await application.handler.handle(HTTPRequest(target: "/openapi.json"))
        let tag = try #require(response.headers["ETag"])
        let known = try await application.handler.handle(
            HTTPRequest(target: "/openapi.json", headers: ["If-None-Match": tag]))
        #expect(known.status == .notModified)
    }
}
