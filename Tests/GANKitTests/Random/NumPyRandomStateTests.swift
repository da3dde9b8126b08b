// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

struct NumPyRandomStateTests {
    /// The first values of each stream as the reference recorded them: `rng.json`.
    struct Streams: Decodable {
        struct Stream: Decodable {
            let randn8: [String]
            let u32First4: [UInt32]
            let randomSample4: [String]
        }
        let seeds: [String: Stream]
    }

    static func recorded() throws -> [(UInt32, Streams.Stream)] {
        let data = try Data(contentsOf: URL(fileURLWithPath: GoldenArchive.path("rng.json")))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Streams.self, from: data).seeds.map { (try #require(UInt32($0)), $1) }
    }

    @Test func rawWordsEqualTheReference() throws {
        for (seed, stream) in try Self.recorded() {
            var state = NumPyRandomState(seed: seed)
            #expect((0..<4).map { _ in state.nextUInt32() } == stream.u32First4, "seed \(seed)")
        }
    }

    @Test func uniformValuesEqualTheReferenceBitForBit() throws {
        for (seed, stream) in try Self.recorded() {
            var state = NumPyRandomState(seed: seed)
            let expected = try stream.randomSample4.map { try #require(Double($0)) }
            #expect((0..<4).map { _ in state.nextUniform() } == expected, "seed \(seed)")
        }
    }

    @Test func normalValuesEqualTheReferenceBitForBit() throws {
        let streams = try Self.recorded()
        #expect(Set(streams.map(\.0)) == [0, 1, 42, .max])
        for (seed, stream) in streams {
            var state = NumPyRandomState(seed: seed)
            let expected = try stream.randn8.map { try #require(Double($0)) }
            #expect(state.standardNormal(count: 8) == expected, "seed \(seed)")
        }
    }

    @Test func theStreamStaysRightBeyondOneStateOf624Words() {
        var state = NumPyRandomState(seed: 42)
        let values = state.standardNormal(count: 4096)
        // numpy.random.RandomState(42).randn(4096)[[1000, 4095]]
        #expect(values[1000] == 1.3993554365860021)
        #expect(values[4095] == -1.031955242094435)
    }
}
