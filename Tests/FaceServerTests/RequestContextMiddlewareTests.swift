// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import Testing

@testable import FaceServer

@Suite struct RequestContextMiddlewareTests {
    private static let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func answer(
        _ headers: HTTPHeaders, from address: SocketAddress? = nil
    ) async throws -> (response: HTTPResponse, context: RequestContext?) {
        let seen = Mutex<RequestContext?>(nil)
        var router = Router(middleware: [RequestContextMiddleware(makeID: { "made" })])
        router.get("/") { _ in
            seen.withLock { $0 = RequestContext.current }
            return HTTPResponse()
        }
        let response = try await router.handle(HTTPRequest(headers: headers, remoteAddress: address))
        return (response, seen.withLock { $0 })
    }

    @Test func addressIsTheClientsThatATrustedProxyTold() {
        var request = HTTPRequest(remoteAddress: SocketAddress(host: "10.0.0.1", port: 1))
        #expect(RequestContext.address(of: request) == "10.0.0.1")
        request.clientAddress = IPAddress("203.0.113.9")
        #expect(RequestContext.address(of: request) == "203.0.113.9")
    }

    @Test(arguments: [
        (["abc-123"], "abc-123", "well-formed"),
        ([], "made", "none came"),
        (["a b"], "made", "a space"),
        (["a\"b"], "made", "a quote"),
        (["a,b"], "made", "a comma joins two"),
        (["ä"], "made", "not ASCII"),
        ([""], "made", "empty"),
        (["a", "b"], "made", "two"),
        ([String(repeating: "a", count: 128)], String(repeating: "a", count: 128), "as long as may be"),
        ([String(repeating: "a", count: 129)], "made", "longer"),
    ])
    func identifierIsTakenOverOrMade(given: [String], expected: String, reason: String) async throws {
        var headers: HTTPHeaders = [:]
        for value in given {
            headers.add("x-request-id", value)
        }
        let (response, context) = try await answer(headers)
        #expect(response.headers.values(for: "X-Request-Id") == [expected], "\(reason)")
        #expect(context?.requestID == expected)
    }

    @Test func logLinesGetTheIdentifiers() async throws {
        let (_, context) = try await answer(["X-Request-Id": "1", "traceparent": Self.traceparent])
        let metadata = RequestContext.$current.withValue(context) { RequestContext.metadataProvider.get() }
        #expect(
            metadata == [
                "request_id": "1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "parent_id": "00f067aa0ba902b7",
            ])
        #expect(RequestContext.metadataProvider.get().isEmpty, "outside of a request")
    }

    @Test func twoTracesAreNone() async throws {
        let (_, context) = try await answer(["traceparent": Self.traceparent, "Traceparent": Self.traceparent])
        #expect(context != nil)
        #expect(context?.trace == nil)
    }

    @Test func clientIsItsKeyElseItsNetwork() async throws {
        let (_, context) = try await answer([:], from: SocketAddress(host: "2001:db8:1:2:3::4", port: 1))
        #expect(context?.client == .network("2001:db8:1:2::/64"))
        context?.keyName = "web"
        #expect(context?.client == .key("web"))
    }

    @Test func identifiersAreDistinct() {
        let made = (0..<100).map { _ in RequestID.next() }
        #expect(Set(made).count == 100)
        #expect(made.allSatisfy { $0.count == 32 && RequestID.isWellFormed($0) })
    }
}
