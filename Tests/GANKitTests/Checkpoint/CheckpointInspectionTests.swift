// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct CheckpointInspectionTests {
    @Test func layersAreInTheOrderOfTheirNumbers() throws {
        let inspection = try CheckpointInspection(Checkpoint.open(path: GoldenArchive.path("sg3-r-32/network.pkl")))
        let names = inspection.layers.map { $0.name }.filter { $0.contains(".L") && !$0.hasSuffix("affine") }
        let numbers = names.compactMap { $0.dropFirst("synthesis.L".count).split(separator: "_").first }
        #expect(numbers == (0..<15).map { "\($0)" })
    }
}
