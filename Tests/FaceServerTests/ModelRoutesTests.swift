// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// A server with two models.
@Suite(.timeLimit(.minutes(2))) struct ModelRoutesTests {
    private let folder = TemporaryFolder()
    private let application: Application

    init() async throws {
        let metadata = CheckpointMetadata(description: "Tiny.", license: "CC0-1.0")
        let plain = try folder.tinyModel("plain.safetensors", metadata: metadata)
        let classes = try folder.tinyModel("classes.safetensors", variant: 2, classes: 3)
        let reader = APIKey.entry(name: "r", key: "reader", scopes: [.faces])
        let file = try folder.write(
            """
            model: {default: plain}
            access.keys: ["\(APIKey.entry(name: "a", key: "admin", scopes: [.admin, .faces]))", "\(reader)"]
            models:
              plain: \(plain)
              with-classes: {path: \(classes)}
            """, to: "a.yaml")
        application = try buildApplication(
            configuration: try await ServerConfiguration.load(file: file, environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
    }

    private func send(_ target: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        var headers = headers
        headers["Authorization"] = "Bearer reader"
        return try await application.handler.handle(HTTPRequest(target: target, headers: headers))
    }

    @Test func modelsAreListed() async throws {
        let response = try await send("/models")
        #expect(response.headers["Content-Type"] == "application/json")
        let hashes = application.models.catalog.entries.map(\.model.identity.sha256)
        #expect(
            String(decoding: response.body, as: UTF8.self) == """
                {"models":[{"classes":0,"cutoff":4,"default":true,"description":"Tiny.","faces":"/faces/{seed}.png",\
                "format":"safetensors","layers":4,"license":"CC0-1.0","name":"plain","noise":true,"resolution":8,\
                "sha256":"\(hashes[0])","transform":false,"truncation":0.7},\
                {"classes":3,"cutoff":4,"default":false,"faces":"/models/with-classes/faces/{seed}.png",\
                "format":"safetensors","layers":4,"name":"with-classes","noise":true,"resolution":8,\
                "sha256":"\(hashes[1])","transform":false,"truncation":0.7}]}

                """)
    }

    @Test func defaultModelByItsNameIsTheSameResource() async throws {
        let short = try await send("/faces/1.png?truncation=0.7")
        let long = try await send("/models/plain/faces/1.png?truncation=0.7")
        #expect(short.headers["Content-Location"] == nil)
        #expect(long.headers["Content-Location"] == "/faces/1.png?truncation=0.7")
        #expect(long.headers["ETag"] == short.headers["ETag"])
        #expect(long.body == short.body)
        #expect(application.faces.store.memory.status.count == 1, "one entry in the cache")
    }

    @Test func otherModelHasItsNameInTheCanonicalURL() async throws {
        let canonical = "/models/with-classes/faces/1.png?truncation=0.7&class=2"
        let response = try await send(canonical)
        #expect(response.status == .ok)
        #expect(response.headers["Content-Location"] == nil)
        #expect(PNGChunks(response.body).texts.contains("Model=with-classes"))
        let other = try await send("/models/with-classes/faces/1.png?class=2&truncation=0.70")
        #expect(other.headers["Content-Location"] == canonical)
        #expect(other.headers["ETag"] == response.headers["ETag"])
        #expect(
            try await send("/models/with-classes/face?class=1").headers["Location"]?.hasPrefix("/models/with-") == true)
    }

    @Test func parametersAreThoseOfTheModel() async throws {
        #expect(try await send("/faces/1.png?class=0").status == .badRequest)
        #expect(try await send("/models/with-classes/faces/1.png").status == .badRequest)
        #expect(try await send("/models/with-classes/faces/1.png?class=3").status == .badRequest)
    }

    @Test(arguments: [
        ("/models/plian/faces/1.png", "There is no model 'plian'. Did you mean 'plain'?"),
        ("/models/PLAIN/faces/1.png", "There is no model 'PLAIN'. Did you mean 'plain'?"),
        ("/models/zzzzzzzz/face", "There is no model 'zzzzzzzz'. /models lists them all."),
        ("/models//faces/1.png", "There is no model ''. /models lists them all."),
    ])
    func unknownModelIsNotFound(target: String, message: String) async throws {
        let response = try await send(target)
        #expect(response.status == .notFound)
        #expect(String(decoding: response.body, as: UTF8.self).contains(message), "\(target)")
    }

    private func reload(key: String?) async throws -> HTTPResponse {
        let headers = key.map { HTTPHeaders(dictionaryLiteral: ("Authorization", "Bearer \($0)")) } ?? [:]
        return try await application.handler.handle(
            HTTPRequest(method: .post, target: "/admin/reload", headers: headers))
    }

    @Test func reloadIsForAdministrators() async throws {
        #expect(try await reload(key: nil).status == .unauthorized)
        #expect(try await reload(key: "reader").status == .forbidden)
        let path = folder.path + "/plain.safetensors"
        let former = try Checkpoint.sha256(path: path)
        try TinyModel.write(variant: 2, to: path)
        let hash = try Checkpoint.sha256(path: path)
        let replaced = try await reload(key: "admin")
        #expect(replaced.status == .ok)
        #expect(
            String(decoding: replaced.body, as: UTF8.self) == """
                {"failed":[],"replaced":[{"formerSHA256":"\(former)","name":"plain","sha256":"\(hash)"}],\
                "unchanged":["with-classes"]}

                """)
        try FileManager.default.removeItem(atPath: path)
        let failed = try await reload(key: "admin")
        #expect(failed.status == .unprocessableContent)
        #expect(String(decoding: failed.body, as: UTF8.self).contains("\(path): cannot open: No such file"))
        let counts = application.metrics.reloads.values.map(\.count)
        #expect(counts == [1, 1])
    }

    @Test func reloadUnderLoadFailsNothing() async throws {
        let path = folder.path + "/plain.safetensors"
        let before = try await send("/faces/0.png").headers["ETag"]
        let answers = try await withThrowingTaskGroup { group in
            for client in 0..<8 {
                group.addTask {
                    var answers: [String: Set<[UInt8]>] = [:]
                    for seed in 0..<150 {
                        // The cache would answer a seed that came before.
                        let response = try await send("/faces/\(client * 1000 + seed).png?size=16")
                        #expect(response.status == .ok)
                        #expect(PNGChunks(response.body).size == [16, 16])
                        answers[response.headers["ETag"] ?? "", default: []].insert(response.body)
                    }
                    return answers
                }
            }
            for variant in 2...4 {
                try TinyModel.write(variant: variant, to: path)
                let report = await application.models.reload()
                #expect(report.replaced.map(\.name) == ["plain"])
                application.faces.dropUnused()
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { $0.union($1) } }
        }
        #expect(answers.values.allSatisfy { $0.count == 1 }, "one tag, one picture")
        let after = try await send("/faces/0.png")
        #expect(after.headers["ETag"] != before)
        let hash = try Checkpoint.sha256(path: path)
        #expect(PNGChunks(after.body).texts.contains("Model-SHA256=\(hash)"))
        #expect(String(decoding: try await send("/").body, as: UTF8.self).contains(hash.prefix(12)))
    }
}
