// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct RouterTests {
    /// Answers with the pattern and the parameters.
    private static func router(middleware: [any Middleware] = []) -> Router {
        var router = Router(middleware: middleware)
        for pattern in ["/faces/{seed}.png", "/faces/random.png", "/models/{name}/faces/{seed}.png", "/", "/a/"] {
            router.get(pattern) { request in
                let parameters = ["name", "seed"].compactMap { name in request.parameters[name].map { "\(name)=\($0)" }
                }
                return .text(([request.routePattern ?? "-"] + parameters).joined(separator: " "))
            }
        }
        router.on(.post, "/faces/{id}.png") { _ in .text("posted") }
        router.get("/teapot") { _ in throw HTTPError(HTTPStatus(code: 418), detail: "tea") }
        return router
    }

    private func handle(_ method: HTTPMethod, _ target: String) async throws -> (Int, String, HTTPHeaders) {
        let response = try await Self.router().handle(HTTPRequest(method: method, target: target))
        return (response.status.code, String(decoding: response.body, as: UTF8.self), response.headers)
    }

    @Test(arguments: [
        ("/", "/"),
        ("/faces/42.png?x=1", "/faces/{seed}.png seed=42"),
        ("/faces/.png", "/faces/{seed}.png seed="),
        ("/faces/a.png.png", "/faces/{seed}.png seed=a.png"),
        ("/faces/%34%32%2Epng", "/faces/{seed}.png seed=42"),
        ("/faces/a%2Fb.png", "/faces/{seed}.png seed=a/b"),
        ("/faces/%2e%2e%2fx.png", "/faces/{seed}.png seed=../x"),
        ("/faces/+.png", "/faces/{seed}.png seed=+"),
        ("/faces/random.png", "/faces/random.png"),
        ("/models/m%20n/faces/7.png", "/models/{name}/faces/{seed}.png name=m n seed=7"),
        ("/./faces/x/../7.png", "/faces/{seed}.png seed=7"),
        ("/x/%2E%2e/faces/7.png", "/faces/{seed}.png seed=7"),
        ("/../../faces/7.png", "/faces/{seed}.png seed=7"),
        ("/faces/..", "/"),
        ("/x/.", "404"),
        ("/a/b/..", "/a/"),
        ("/faces", "404"),
        ("/faces/42.png/", "404"),
        ("//faces/42.png", "404"),
        ("/faces/4/2.png", "404"),
        ("/faces/42.pn", "404"),
        ("/FACES/42.png", "404"),
        ("/faces%2F42.png", "404"),
        ("/faces/%00.png", "400"),
        ("/faces/%.png", "400"),
        ("/faces/%zz.png", "400"),
        ("/%ff", "400"),
    ])
    func pathsMeetPatterns(target: String, expected: String) async throws {
        let (status, body, headers) = try await handle(.get, target)
        if let code = Int(expected) {
            #expect(status == code)
            #expect(headers["Content-Type"] == "application/problem+json")
        } else {
            #expect(body == expected)
        }
    }

    @Test func headIsAnsweredByGet() async throws {
        #expect(try await handle(.head, "/faces/1.png").0 == 200)
    }

    @Test func wrongMethodIs405WithAllow() async throws {
        let (status, _, headers) = try await handle(.delete, "/faces/1.png")
        #expect(status == 405)
        #expect(headers["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(try await handle(.trace, "/").0 == 405)
    }

    @Test func lessSpecificPatternAnswersTheMethodThatTheOtherLacks() async throws {
        #expect(try await handle(.post, "/faces/random.png").1 == "posted")
    }

    @Test func unknownMethodIs501() async throws {
        #expect(try await handle(HTTPMethod(rawValue: "BREW"), "/").0 == 501)
        #expect(try await handle(HTTPMethod(rawValue: "get"), "/").0 == 501)
    }

    @Test func optionsNamesTheMethods() async throws {
        let (status, body, headers) = try await handle(.options, "/")
        #expect(status == 204)
        #expect(body.isEmpty)
        #expect(headers["Allow"] == "GET, HEAD, OPTIONS")
        #expect(try await handle(.options, "*").2["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(try await handle(.options, "/none").0 == 404)
    }

    private struct Tagger: Middleware {
        let name: String

        func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
            var response = try await next.handle(request)
            response.headers.add("Tag", "\(name) \(response.status.code) \(request.routePattern ?? "-")")
            return response
        }
    }

    @Test func middlewareSeesTheResponsesOfErrorsAndThePattern() async throws {
        let router = Self.router(middleware: [Tagger(name: "outer"), Tagger(name: "inner")])
        let thrown = try await router.handle(HTTPRequest(target: "/teapot"))
        #expect(thrown.headers.values(for: "Tag") == ["inner 418 /teapot", "outer 418 /teapot"])
        let missing = try await router.handle(HTTPRequest(target: "/none"))
        #expect(missing.headers.values(for: "Tag") == ["inner 404 -", "outer 404 -"])
    }
}
