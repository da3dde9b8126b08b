// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPRequestTests {
    @Test func targetIsCutAtTheFirstQuestionMark() {
        let request = HTTPRequest(method: .get, target: "/faces/4%32.png?x=1?y", headers: [:], body: [])
        #expect(request.path == "/faces/4%32.png")
        #expect(request.query == "x=1?y")
        #expect(HTTPRequest(target: "/a?").query?.isEmpty == true)
        #expect(HTTPRequest(target: "/a").query == nil)
    }

    @Test func queryItemsKeepOrderAndRepeats() throws {
        let items = try HTTPRequest(target: "/?b=1&a=%C3%A9+x&&b=&c&d=e=f").queryItems()
        #expect(items.map { "\($0.name):\($0.value)" } == ["b:1", "a:é x", "b:", "c:", "d:e=f"])
    }

    @Test(arguments: [
        ("a=%", "'%'"), ("a=%4", "'%4'"), ("a=%zz", "'%zz'"), ("%g0=1", "'%g0'"), ("a=%00", "'%00'"),
        ("a=%ff", "UTF-8"), ("a=%+1", "'%+1'"),
    ])
    func badEscapeIsNamed(query: String, named: String) throws {
        let error = #expect(throws: HTTPError.self) { try HTTPRequest(target: "/?\(query)").queryItems() }
        #expect(error?.status == .badRequest)
        #expect(error?.detail.contains(named) == true)
    }
}
