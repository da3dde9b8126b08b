// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Replays the corpus of `make fuzz`, to which every input that once broke a property belongs.
@Suite struct InterfaceFuzzCorpusTests {
    @Test(arguments: try FuzzCorpus.files("FaceQuery"))
    func parametersKeepTheirProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(FaceQueryProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("LatentBody"))
    func latentsKeepTheirProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(LatentBodyProperty.violation($0) == nil) }
    }
}
