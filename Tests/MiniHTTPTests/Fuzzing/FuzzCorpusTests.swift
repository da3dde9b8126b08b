// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Replays the corpus of `make fuzz`, to which every input that once broke a property belongs.
@Suite struct FuzzCorpusTests {
    @Test(arguments: try FuzzCorpus.files("HTTPRequestParser"))
    func parserKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(HTTPRequestParserProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("HTTPConnection"))
    func connectionKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(HTTPConnectionProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("AcceptField"))
    func negotiationKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(AcceptFieldProperty.violation($0) == nil) }
    }
}
