// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

@Suite struct SafetensorsWriterTests {
    @Test func writesWhatTheSafetensorsLibraryReads() throws {
        let scratch = try ScratchFile()
        let tensors = [
            "b": try Tensor(shape: [2], elements: [1.5, -1.5]), "a": try Tensor(shape: [], elements: [.nan]),
        ]
        try SafetensorsWriter.write(tensors, metadata: CheckpointMetadata(name: "a \"b\"\n"), toPath: scratch.path)
        // Sorted by name; the header padded to a multiple of 8.
        let header = #"""
            {"__metadata__":{"architecture":"stylegan2","block_architecture":"skip","mapping_lr_multiplier":"0.01",\#
            "name":"a \"b\"\u000a"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\#
            "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}
            """#
        let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let data = [UInt8](hex: "0000c07f 0000c03f 0000c0bf")
        #expect(try contents(ofFile: scratch.path) == SafetensorsFile.bytes(header: header + padding, data: data))
    }

    @Test func copyOfACheckpointIsTheSameNetwork() throws {
        let source = try Checkpoint.open(path: GoldenArchive.path("ada-d-clamp-32/network.pkl"))
        let first = try ScratchFile()
        let second = try ScratchFile()
        try SafetensorsWriter.write(source, toPath: first.path)
        try SafetensorsWriter.write(source, toPath: second.path)
        #expect(try Checkpoint.sha256(path: first.path) == Checkpoint.sha256(path: second.path))

        let copy = try Checkpoint.open(path: first.path)
        #expect(copy.formatName == "safetensors")
        #expect(copy.metadata == source.metadata)
        #expect(copy.tensorNames == source.tensorNames)
        for name in source.tensorNames {
            #expect(try isIdentical(copy.tensor(name), source.tensor(name)), "\(name)")
        }
    }

    @Test func metadataSurvives() throws {
        let scratch = try ScratchFile()
        let metadata = CheckpointMetadata(
            architecture: "stylegan2", blockArchitecture: .orig, mappingLearningRateMultiplier: 0.015625,
            convClamp: 0.1, name: "n", description: "\u{1}é😀\\", license: "CC0-1.0")
        try SafetensorsWriter.write([:], metadata: metadata, toPath: scratch.path)
        #expect(try Checkpoint.open(path: scratch.path).metadata == metadata)
    }

    @Test func failureLeavesNothingBehind() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("faceserver-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("model.safetensors").path
        let bytes = SafetensorsFile.bytes(
            header: #"{"n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [0])
        let reader = try SafetensorsReader(ByteView(copying: bytes))
        #expect(throws: CheckpointError.self) { try SafetensorsWriter.write(reader, toPath: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(throws: CheckpointError.io(operation: "cannot create the file", errno: ENOENT)) {
            try SafetensorsWriter.write([:], toPath: "/nonexistent/model.safetensors")
        }
    }
}
