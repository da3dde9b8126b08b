// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Replays the corpus of `make fuzz`, to which every input that once broke a property belongs.
@Suite struct CheckpointFuzzCorpusTests {
    @Test(arguments: try FuzzCorpus.files("Pickle"))
    func pickleKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(PickleProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("TorchSave"))
    func torchSaveKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(TorchSaveProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("Safetensors"))
    func safetensorsKeepItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(SafetensorsProperty.violation($0) == nil) }
    }

    @Test(arguments: try FuzzCorpus.files("TensorBundle"))
    func tensorBundleKeepsItsProperties(file: String) throws {
        try FuzzCorpus.withBytes(of: file) { #expect(TensorBundleProperty.violation($0) == nil) }
    }
}
