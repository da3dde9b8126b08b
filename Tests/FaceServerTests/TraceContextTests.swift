// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"

    /// The field of W3C Trace Context section 3.2.2.5, the specification's own example.
    @Test func exampleOfTheSpecification() {
        let context = TraceContext(traceparent: "00-\(Self.trace)-\(Self.parent)-01")
        #expect(context?.traceID == Self.trace)
        #expect(context?.parentID == Self.parent)
    }

    @Test(arguments: [
        ("01-\(trace)-\(parent)-00", "a later version"),
        ("cc-\(trace)-\(parent)-01-what-the-future-brings", "a later version with more"),
        ("00-\(trace)-\(parent)-ff", "flags that are not defined yet"),
    ])
    func whatMayComeIsRead(field: String, reason: String) {
        #expect(TraceContext(traceparent: field)?.traceID == Self.trace, "\(reason)")
    }

    @Test(arguments: [
        ("", "empty"),
        ("00-\(trace)-\(parent)-0", "short"),
        ("00-\(trace)-\(parent)-01-more", "the first version ends there"),
        ("00-\(trace)-\(parent)-01.", "so it does"),
        ("cc-\(trace)-\(parent)-01.what", "more follows a dash"),
        ("ff-\(trace)-\(parent)-01", "forbidden version"),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-\(parent)-01", "upper case"),
        ("00-00000000000000000000000000000000-\(parent)-01", "no trace"),
        ("00-\(trace)-0000000000000000-01", "no parent"),
        ("00-4bf92f3577b34da6a3ce929d0e0e473g-\(parent)-01", "no hexadecimal digit"),
        ("00_\(trace)_\(parent)_01", "no dashes"),
        (" 00-\(trace)-\(parent)-01", "space before"),
        ("00-\(trace)-\(parent)-é", "as many bytes, none a digit"),
    ])
    func otherIsRefused(field: String, reason: String) {
        #expect(TraceContext(traceparent: field) == nil, "\(reason)")
    }
}
