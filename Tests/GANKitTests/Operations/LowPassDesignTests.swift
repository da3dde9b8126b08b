// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct LowPassDesignTests {
    static func expectEqual(
        _ actual: [Float], _ expected: [Float], _ comment: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.count == expected.count, "\(comment)", sourceLocation: sourceLocation)
        #expect(
            PictureComparison.largestDifference(actual, expected) < 1e-7, "\(comment)", sourceLocation: sourceLocation)
    }

    @Test func separableFilterIsScipys() {
        // scipy.signal.firwin(12, cutoff=2, width=12, fs=32), scipy 1.17.1
        let half: [Float] = [
            0.0007919021300040185, 0.010018317960202694, 0.038949523121118546, 0.0924127921462059, 0.1565256118774414,
            0.20130185782909393,
        ]
        let even = LowPassDesign(taps: 12, cutoff: 2, width: 12, samplingRate: 32).separable()
        Self.expectEqual(even.elements, half + half.reversed())
        // scipy.signal.firwin(7, cutoff=3, width=1.5, fs=20): another branch of Kaiser's formula, and a tap in the middle
        let odd = LowPassDesign(taps: 7, cutoff: 3, width: 1.5, samplingRate: 20).separable()
        Self.expectEqual(
            odd.elements,
            [
                0.027707722038030624, 0.12791340053081512, 0.21761928498744965, 0.253519207239151, 0.21761928498744965,
                0.12791340053081512, 0.027707722038030624,
            ])
    }

    @Test func radialFilterIsAJincWithAWindow() {
        let filter = LowPassDesign(taps: 5, cutoff: 3, width: 9, samplingRate: 20).radial().elements
        // scipy.special.j1(6 pi r) / (pi r) for the distances r in units of 1/20, times numpy.outer(w, w) with
        // w = numpy.kaiser(5, scipy.signal.kaiser_beta(scipy.signal.kaiser_atten(5, 9 / 10))), of sum 1
        let corner: [Float] = [
            0.0035284939222037792, 0.015581007115542889, 0.023318933323025703, 0.015581007115542889,
            0.06384016573429108,
            0.09383130818605423, 0.023318933323025703, 0.09383130818605423, 0.13727635145187378,
        ]
        let expected = (0..<25).map { index in
            let (row, column) = (index / 5, index % 5)
            return corner[min(row, 4 - row) * 3 + min(column, 4 - column)]
        }
        Self.expectEqual(filter, expected)
    }

    /// What training stored is what is computed where nothing is stored.
    @Test(arguments: ["sg3-t-64", "sg3-r-32"])
    func filtersEqualThoseOfTheCheckpoint(_ folder: String) throws {
        let checkpoint = try Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl"))
        let geometry = try #require(checkpoint.metadata.styleGAN3)
        struct NoTensors: CheckpointReader {
            let formatName = "test"
            let metadata = CheckpointMetadata()
            let tensorNames: [String] = []
            func shape(of name: String) -> [Int]? { nil }
            func tensor(_ name: String) throws -> Tensor { throw CheckpointError.missingTensor(name: name) }
        }
        for layer in geometry.layers.dropLast() {
            let stored = try LayerFilters(layer, in: ParameterMap(reader: checkpoint))
            let designed = try LayerFilters(layer, in: ParameterMap(reader: NoTensors()))
            #expect(designed.down.shape == stored.down.shape)
            Self.expectEqual(designed.up.elements, stored.up.elements, "\(layer.name) up")
            Self.expectEqual(designed.down.elements, stored.down.elements, "\(layer.name) down")
        }
    }
}
