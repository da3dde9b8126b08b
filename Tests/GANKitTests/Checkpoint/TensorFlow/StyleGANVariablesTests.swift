// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct StyleGANVariablesTests {
    /// A StyleGAN of the given resolution with one channel.
    private static func network(
        resolution: Int, arguments: [(String, PythonObject)] = [], function: String = "G_synthesis"
    ) -> PythonObject {
        var shapes: [(String, [Int])] = [
            ("4x4/Const/const", [1, 1, 4, 4]), ("ToRGB_lod0/weight", [1, 1, 1, 3]), ("ToRGB_lod0/bias", [3]),
        ]
        var side = 4
        var index = 0
        while side <= resolution {
            for layer in side == 4 ? ["Const", "Conv"] : ["Conv0_up", "Conv1"] {
                let path = "\(side)x\(side)/\(layer)"
                if layer != "Const" { shapes.append(("\(path)/weight", [3, 3, 1, 1])) }
                shapes += [
                    ("\(path)/Noise/weight", [1]), ("\(path)/bias", [1]), ("\(path)/StyleMod/weight", [1, 2]),
                    ("\(path)/StyleMod/bias", [2]), ("noise\(index)", [1, 1, side, side]),
                ]
                index += 1
            }
            side *= 2
        }
        return TensorFlowPickle.network(
            "G_style", arguments: arguments, variables: TensorFlowPickle.variables([("dlatent_avg", [1])]),
            components: [
                (
                    "synthesis",
                    TensorFlowPickle.network(function, variables: TensorFlowPickle.variables(shapes), version: 3)
                ),
                (
                    "mapping",
                    TensorFlowPickle.network(
                        "G_mapping",
                        variables: TensorFlowPickle.variables([("Dense0/weight", [1, 1]), ("Dense0/bias", [1])]),
                        version: 3)
                ),
            ], version: 3)
    }

    private func read(_ network: PythonObject) throws -> any CheckpointReader {
        try Checkpoint.openPickle(ByteView(copying: TensorFlowPickle.file(network)))
    }

    /// Argument, and the resolutions whose filters are turned.
    static let fused: [(PythonObject?, Set<Int>)] = [
        (nil, [128]), (.string("auto"), [128]), (.bool(true), [8, 16, 32, 64, 128]), (.bool(false), []),
    ]

    @Test(arguments: fused.indices)
    func filtersOfFusedLayersAreTurned(index: Int) throws {
        let (argument, turned) = Self.fused[index]
        let reader = try read(Self.network(resolution: 128, arguments: argument.map { [("fused_scale", $0)] } ?? []))
        for resolution in [8, 16, 32, 64, 128] {
            let elements = try reader.tensor("synthesis.b\(resolution).conv0.weight").elements
            let expected = (0..<9).map(Float.init)
            #expect(elements == (turned.contains(resolution) ? expected.reversed() : expected), "\(resolution)")
            #expect(try reader.tensor("synthesis.b\(resolution).conv1.weight").elements == expected)
        }
    }

    @Test func metadataAndNames() throws {
        let reader = try read(Self.network(resolution: 8))
        #expect(
            reader.metadata
                == CheckpointMetadata(architecture: "stylegan", blockArchitecture: .orig, truncationCutoff: 8))
        #expect(reader.shape(of: "synthesis.b4.conv0.affine.weight") == [2, 1])
        #expect(reader.shape(of: "synthesis.b4.conv0.weight") == nil)
        #expect(reader.shape(of: "synthesis.b8.torgb.weight") == [3, 1, 1, 1])
        #expect(
            try read(Self.network(resolution: 8, arguments: [("truncation_cutoff", .int(3))])).metadata.truncationCutoff
                == 3)
    }

    /// Argument and message.
    static let refused: [(String, PythonObject, String)] = [
        (
            "use_instance_norm", .bool(false),
            "argument 'use_instance_norm' of the network is false, only true is supported"
        ),
        ("use_pixel_norm", .bool(true), "argument 'use_pixel_norm' of the network is true, only false is supported"),
        (
            "blur_filter", .list([.int(1), .int(1)]),
            "argument 'blur_filter' of the network is [1.0, 1.0], only [1, 2, 1] is supported"
        ),
        ("truncation_cutoff", .int(-1), "argument 'truncation_cutoff' of the network is -1.0"),
    ]

    @Test(arguments: refused.indices)
    func saysWhatItDoesNotRun(index: Int) {
        let (name, value, message) = Self.refused[index]
        let error = #expect(throws: CheckpointError.self) {
            try read(Self.network(resolution: 8, arguments: [(name, value)]))
        }
        #expect(error?.description == message)
    }
}
