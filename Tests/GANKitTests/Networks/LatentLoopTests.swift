// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct LatentLoopTests {
    /// With K keys, numpy as np and scipy 1.x:
    /// `scipy.interpolate.interp1d(np.arange(-2 * K, 3 * K), np.tile(np.eye(K), [5, 1]), kind="cubic", axis=0)(t)`
    @Test(arguments: [
        (0.25, [1.0], "one key"),
        (0.25, [0.8422256097560976, 0.15777439024390236], "two keys"),
        (1.75, [0.8315548780487805, 0.16844512195121938], "back to the first of two"),
        (0.5, [0.6249537379718726, 0.6250925240562545, -0.2500462620281273], "three keys"),
        (2.9, [0.9811232420429312, -0.09024648408586244, 0.1091232420429313], "back to the first of three"),
        (
            0.25,
            [0.8821017270789198, 0.2713075605393709, -0.07670508350440947, 0.05113652746805569, -0.1278407315819366],
            "five keys"
        ),
        (
            1.75,
            [-0.07670445269128133, 0.2713067204451401, 0.882102314115724, -0.12784088106109587, 0.05113629919151344],
            "between the second and the third"
        ),
        (
            4.9,
            [
                0.9793632868111651, -0.06872762094896956, 0.024546559120436844, -0.029456057569660694,
                0.09427383258702832,
            ],
            "back to the first of five"
        ),
    ])
    func weightsAreThoseOfTheOfficialVideo(position: Double, expected: [Double], reason: String) {
        let loop = LatentLoop(expected.map { LatentTests.latent([Float($0), 0]) })
        for (weight, expected) in zip(loop.weights(at: position), expected) {
            #expect(abs(weight - expected) < 1e-14, "\(reason)")
        }
    }

    @Test(arguments: [(0.0, 0), (1, 1), (2, 2), (3, 0), (4, 1), (-1, 2), (-3, 0), (3e9, 0)])
    func pathGoesThroughTheKeysAgainAndAgain(position: Double, key: Int) {
        let keys: [[Float]] = [[0.3, -1], [5, 7], [2, 2.5]]
        let latent = LatentLoop(keys.map { LatentTests.latent($0) }).latent(at: position)
        #expect(latent.ws == keys[key])
    }

    @Test func latentIsTheWeightedSumOfTheKeys() {
        let keys: [[Float]] = [[1, 0, 4, 8], [0, 1, 2, 2], [3, 3, 3, 1]]
        let loop = LatentLoop(keys.map { LatentTests.latent($0) })
        let weights = loop.weights(at: 1.3)
        let sums = (0..<4).map { index in zip(keys, weights).reduce(0) { $0 + Double($1.0[index]) * $1.1 } }
        #expect(loop.latent(at: 1.3).ws == sums.map { Float($0) })
    }

    /// Second differences of a smooth path shrink with the square of the step; a corner's only with the step.
    @Test func pathHasNoCorners() {
        let loop = LatentLoop([[0, 0], [4, 1], [1, 9], [7, 3]].map { LatentTests.latent($0) })
        func bend(_ position: Double, step: Double) -> Double {
            let x = [-step, 0, step].map { loop.weights(at: position + $0) }
            return (0..<4).map { abs(x[0][$0] - 2 * x[1][$0] + x[2][$0]) }.max() ?? 0
        }
        for key in 0..<4 {
            let ratio = bend(Double(key), step: 1e-2) / bend(Double(key), step: 1e-3)
            #expect(ratio > 50, "key \(key): \(ratio)")
        }
    }
}
