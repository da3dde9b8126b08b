// SPDX-License-Identifier: Apache-2.0

import GANKit
import Glibc

/// What `faceserver bench` found out. The members of its JSON go by the names of the properties.
struct BenchReport: Encodable {
    /// What writing a picture takes.
    struct PNG: Encodable {
        /// Median.
        let milliseconds: Double
        let bytes: Int
    }

    /// One layer of the network.
    struct Layer: Encodable {
        let name: String
        let milliseconds: Double
        /// Counts the multiplications of the plain convolution, so it can exceed the machine's peak.
        let gflops: Double

        init(_ entry: LayerProfile.Entry) {
            let seconds = entry.duration / .seconds(entry.images)
            name = entry.name
            milliseconds = seconds * 1000
            gflops = 2 * Double(entry.multiplyAdds) / seconds / 1e9
        }
    }

    /// The layers, and what they are compared with.
    struct Profile: Encodable {
        /// Of OpenBLAS's matrix product, on the same threads; nil where OpenBLAS is not installed.
        let sgemmPeakGFLOPS: Double?
        let layers: [Layer]
    }

    let network: String
    let resolution: Int
    let threads: Int
    let batch: Int
    /// Of each round.
    let secondsPerImage: [Double]
    let medianSecondsPerImage: Double
    let leastSecondsPerImage: Double
    let loadSeconds: Double
    let peakMebibytes: Int?
    let png: PNG
    let profile: Profile?

    init(
        network: String, resolution: Int, threads: Int, batch: Int, secondsPerImage: [Double], loadSeconds: Double,
        peakMebibytes: Int?, png: PNG, profile: Profile?
    ) {
        self.network = network
        self.resolution = resolution
        self.threads = threads
        self.batch = batch
        self.secondsPerImage = secondsPerImage
        medianSecondsPerImage = Self.median(secondsPerImage)
        leastSecondsPerImage = secondsPerImage.min() ?? 0
        self.loadSeconds = loadSeconds
        self.peakMebibytes = peakMebibytes
        self.png = png
        self.profile = profile
    }

    /// The middle value, or of an even number the mean of the two in the middle; 0 of none.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else {
            return 0
        }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// For programs.
    func json() throws -> String {
        try JSONText.encode(self, isPretty: true)
    }

    /// For people.
    var text: String {
        var lines = [
            "network            \(network), \(resolution)x\(resolution)",
            "threads            \(threads), batch \(batch)",
            "seconds per image  \(medianSecondsPerImage.fixed(4)) median, \(leastSecondsPerImage.fixed(4)) least",
            "png                \(png.milliseconds.fixed(1)) ms, \(png.bytes) bytes",
            "load time          \(loadSeconds.fixed(4)) s",
            "peak memory        \(peakMebibytes.map { "\($0) MiB" } ?? "unknown")",
        ]
        if let profile {
            let peak = profile.sgemmPeakGFLOPS
            let rate = peak.map { "\($0.fixed(0)) GFLOP/s (OpenBLAS, \(threads) threads)" }
            lines.append("sgemm peak         \(rate ?? "unknown, since OpenBLAS is not installed")")
            lines.append("\nlayer            ms   GFLOP/s   of peak")
            for layer in profile.layers {
                let milliseconds = layer.milliseconds.fixed(2).aligned(to: 7)
                let gflops = layer.gflops.fixed(0).aligned(to: 7)
                let share = peak.map { (layer.gflops / $0).fixed(2) + "x" } ?? "-"
                lines.append("\(layer.name.padded(to: 12))\(milliseconds)   \(gflops)   \(share.aligned(to: 7))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
