// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct RequestTermsTests {
    private static let bounds = RequestTerms.Bounds(timeout: .seconds(30), maxTimeout: .seconds(120))

    private func terms(
        _ query: [(String, String)] = [], requestTimeout: String? = nil, priority: String? = nil
    ) throws -> RequestTerms {
        let values = try ParameterParser(RequestTerms.declarations(Self.bounds)).parse(query.map { ($0.0, $0.1) })
        return try RequestTerms(
            values, requestTimeout: requestTimeout, priorityField: priority, bounds: Self.bounds)
    }

    @Test(
        arguments: [
            (nil, nil, Duration.seconds(30), "the default"),
            ("5", nil, .seconds(5), "a number is seconds"),
            ("250ms", nil, .milliseconds(250), "or has a unit"),
            ("2m", "1", .seconds(120), "the URL beats the field"),
            (nil, "7", .seconds(7), "the field"),
            (nil, "0.5", .milliseconds(500), "a fraction of a second"),
            (nil, "86400", .seconds(120), "the field's bound is ours"),
        ] as [(String?, String?, Duration, String)])
    func timeoutIsBounded(query: String?, field: String?, expected: Duration, reason: String) throws {
        let terms = try terms(query.map { [("timeout", $0)] } ?? [], requestTimeout: field)
        #expect(terms.timeout == expected, "\(reason)")
    }

    @Test(arguments: [
        ("121", "Parameter 'timeout' is '121', which is out of range: "),
        ("0", "Parameter 'timeout' is '0', which is out of range: "),
        ("soon", "Parameter 'timeout' is 'soon', which is not a duration: "),
        ("-1", "Parameter 'timeout' is '-1', which is not a duration: "),
    ])
    func badTimeoutIsRefusedWithItsBound(query: String, message: String) {
        let error = #expect(throws: ParameterError.self) { try terms([("timeout", query)]) }
        #expect(error?.description == message + "expected a duration from 1ms to 2m, such as 500ms or 5s.")
    }

    @Test(arguments: ["", "soon", "0", "-3", "1,2"])
    func badTimeoutFieldIsRefused(field: String) {
        let error = #expect(throws: ParameterError.self) { try terms(requestTimeout: field) }
        #expect(error?.parameter == "Request-Timeout")
    }

    @Test(
        arguments: [
            (nil, nil, .interactive, "the default"),
            ("bulk", nil, .bulk, "as the URL says"),
            ("interactive", "u=7", .interactive, "the URL beats the field"),
            (nil, "u=7", .bulk, "RFC 9218: background"),
            (nil, "i, u=6", .bulk, "members in any order"),
            (nil, "u=5", .interactive, "browsers send this for images out of view"),
            (nil, "u=1, i", .interactive, "urgent"),
            (nil, "u=8", .interactive, "out of range, so ignored"),
            (nil, "bulk", .interactive, "no such member"),
        ] as [(String?, String?, RequestPriority, String)])
    func priorityIsTaken(query: String?, field: String?, expected: RequestPriority, reason: String) throws {
        let terms = try terms(query.map { [("priority", $0)] } ?? [], priority: field)
        #expect(terms.priority == expected, "\(reason)")
    }
}
