// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// `POST /faces` and `/faces/{seed}.json`, with a network of 8x8 pixels whose z and w have 8 elements and 4 layers.
@Suite(.timeLimit(.minutes(2))) struct LatentRoutesTests {
    private let folder = TemporaryFolder()
    private let application: Application

    init() async throws {
        application = try await folder.tinyApplication()
    }

    private func post(
        _ body: String, to target: String = "/faces", type: String = "application/json", accept: String = "image/png"
    ) async throws -> HTTPResponse {
        try await application.handler.handle(
            HTTPRequest(
                method: .post, target: target, headers: ["Content-Type": type, "Accept": accept],
                body: Array(body.utf8)))
    }

    private func get(_ target: String) async throws -> HTTPResponse {
        try await application.handler.handle(HTTPRequest(target: target))
    }

    private func json(_ response: HTTPResponse) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    }

    private func picture(_ response: HTTPResponse) throws -> RGBImage {
        #expect(response.status == .ok, "\(String(decoding: response.body.prefix(300), as: UTF8.self))")
        return try PNGDecoder().decode(response.body, maxPixels: 1 << 20)
    }

    @Test(arguments: ["list", "base64"])
    func wComesBackAsTheSamePicture(form: String) async throws {
        let facts = try json(try await get("/faces/7.json?truncation=0.5&w=\(form)"))
        let w = try #require(facts["w"])
        let body = try JSONSerialization.data(withJSONObject: ["w": w])
        let made = try picture(try await post(String(decoding: body, as: UTF8.self)))
        #expect(try picture(try await get("/faces/7.png?truncation=0.5")) == made)
    }

    @Test func zIsMappedAndTruncated() async throws {
        let z = application.model.generator.z(seed: 9)
        let list = z.map { "\($0)" }.joined(separator: ",")
        let made = try picture(try await post("{\"z\":[\(list)],\"truncation\":0.5,\"size\":16}"))
        #expect(try picture(try await get("/faces/9.png?truncation=0.5&size=16")) == made)
        let encoded = try picture(try await post("{\"z\":\"\(RawLatent.base64(z))\",\"truncation\":\"0.5\"}"))
        #expect(try picture(try await get("/faces/9.png?truncation=0.5")) == encoded)
    }

    @Test func oneWIsThatOfAllLayers() async throws {
        let one = "[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]"
        let alike = try await post("{\"w\":\(one)}")
        #expect(try picture(try await post("{\"w\":[\(one),\(one),\(one),\(one)]}")) == picture(alike))
        #expect(alike.headers["Cache-Control"] == "no-store")
        #expect(alike.headers["ETag"] != nil)
        #expect(try await post("{\"w\":\(one)}").headers["Server-Timing"] == "cache;desc=hit")
    }

    @Test func formatIsNegotiated() async throws {
        let body = "{\"w\":[0,0,0,0,0,0,0,0],\"quality\":50}"
        #expect(try await post(body, accept: "image/jpeg").headers["Content-Type"] == "image/jpeg")
        #expect(try await post(body, to: "/models/tiny/faces?size=16").status == .ok)
        #expect(try await post(body, accept: "text/html").status == .notAcceptable)
    }

    @Test(arguments: [
        ("{}", "z", "no latent"),
        ("{\"z\":[1,2]}", "z", "two numbers"),
        ("{\"w\":[1,2]}", "w", "two numbers"),
        ("{\"w\":\"AAAA\"}", "w", "three bytes"),
        ("{\"w\":\"?\"}", "w", "no base64"),
        ("{\"w\":[[1],\"x\"]}", "w", "text among the numbers"),
        ("{\"w\":\"AADAfwAAwH8AAMB/AADAfwAAwH8AAMB/AADAfwAAwH8=\"}", "w", "not a number, eight times"),
        ("{\"w\":[1e39,0,0,0,0,0,0,0]}", "w", "more than a float holds"),
        ("{\"w\":[0,0,0,0,0,0,0,0],\"z\":[0,0,0,0,0,0,0,0]}", "z", "both"),
        ("{\"w\":[0,0,0,0,0,0,0,0],\"seed\":1}", "seed", "a latent has no seed"),
        ("{\"w\":[0,0,0,0,0,0,0,0],\"size\":1000}", "size", "a size out of bounds"),
        ("{\"w\":[0,0,0,0,0,0,0,0],\"size\":true}", "size", "a size that is no number"),
        ("{\"w\":[0,0,0,0,0,0,0,0],\"truncation\":1e300}", "truncation", "a number that overflows"),
    ])
    func badLatentIsNamed(body: String, parameter: String, reason: String) async throws {
        let response = try await post(body)
        #expect(response.status == .badRequest, "\(reason)")
        #expect(try json(response)["parameter"] as? String == parameter, "\(reason)")
    }

    @Test func whatIsNoJSONIsRefused() async throws {
        for body in ["", "[1]", "{", "{\"w\":}", String(repeating: "[", count: 100_000)] {
            #expect(try await post(body).status == .badRequest, "\(body.prefix(10))")
        }
        #expect(try await post("w=1", type: "application/x-www-form-urlencoded").status == .unsupportedMediaType)
        #expect(try await post("{}", type: "Application/JSON; charset=utf-8").status == .badRequest)
    }

    @Test func factsNameTheURLs() async throws {
        let response = try await get("/faces/007.json?mix=2&quality=50")
        #expect(response.headers["Content-Type"] == "application/json")
        let facts = try json(response)
        #expect(facts["seed"] as? Int == 7)
        #expect(facts["w"] == nil)
        let urls = try #require(facts["urls"] as? [String: String])
        #expect(
            urls == [
                "png": "/faces/7.png?truncation=0.7&mix=2&layers=0-3",
                "jpg": "/faces/7.jpg?truncation=0.7&mix=2&layers=0-3&quality=50",
                "webp": "/faces/7.webp?truncation=0.7&mix=2&layers=0-3&quality=50",
            ])
        let parameters = try #require(facts["parameters"] as? [String: Any])
        #expect(parameters["truncation"] as? Double == 0.7)
        #expect(parameters["mix"] as? Int == 2)
        #expect(parameters["layers"] as? String == "0-3")
        #expect(parameters.count == 3)
        let png = try await get(try #require(urls["png"]))
        #expect(facts["etag"] as? String == png.headers["ETag"])
        let tag = try #require(response.headers["ETag"])
        let known = try await application.handler.handle(
            HTTPRequest(target: "/faces/7.json?mix=2&quality=50", headers: ["If-None-Match": tag]))
        #expect(known.status == .notModified)
        #expect(try await get("/faces/7.json?mix=2&quality=50&w=list").headers["ETag"] != tag)
    }
}
