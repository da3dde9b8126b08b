// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GANKit

/// `faceserver bench`
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures how long a face takes on this machine.",
        discussion: """
            ffhq1024 and ffhq256 have the sizes of NVIDIA's config-f FFHQ models and random weights; a picture takes \
            as long with any weights.
            """
    )

    /// Which network is measured.
    enum Network: String, CaseIterable, ExpressibleByArgument {
        /// 1024x1024, `channel_base` 32768.
        case ffhq1024
        /// 256x256, `channel_base` 16384.
        case ffhq256
        /// The checkpoint that comes with the program.
        case `default`
    }

    @Option(name: .customLong("config"), help: "The network to measure.")
    var network = Network.default

    @Option(help: ArgumentHelp("Measured rounds, after one that is not.", valueName: "number"))
    var repeats = 5

    @Option(help: ArgumentHelp("Threads in all; one a core without it.", valueName: "number"))
    var threads: Int?

    @Option(help: ArgumentHelp("Pictures that are made at once, sharing the threads.", valueName: "number"))
    var batch = 1

    @Flag(help: "Also show how long each layer takes, and its rate against OpenBLAS's.")
    var layers = false

    func validate() throws {
        guard (1...100_000).contains(repeats), (1...256).contains(threads ?? 1), (1...256).contains(batch) else {
            throw ValidationError("--repeats goes from 1 to 100000, --threads and --batch from 1 to 256.")
        }
    }

    func run() throws {
        let clock = ContinuousClock()
        let began = clock.now
        let generator = try makeGenerator()
        let loadTime = clock.now - began

        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        let benchmark = GenerationBenchmark(
            generator: generator, workers: batch, threadsPerWorker: max(1, threads / batch))
        let secondsPerImage = try benchmark.run(rounds: repeats)

        let median = secondsPerImage.sorted()[secondsPerImage.count / 2]
        let resolution = generator.configuration.imgResolution
        print("network            \(network.rawValue), \(resolution)x\(resolution)")
        print("threads            \(threads), \(batch) at once")
        print("seconds per image  \(format(median)) median, \(format(secondsPerImage.min() ?? median)) least")
        print("load time          \(format(loadTime / .seconds(1))) s")
        print("peak memory        \(ProcessMemory.peakMebibytes.map { "\($0) MiB" } ?? "unknown")")
        if layers {
            printLayers(try benchmark.profile(rounds: repeats), threads: max(1, threads / batch))
        }
    }

    /// Each layer's time and rate. The rate counts the multiplications of the plain convolution, so it can exceed the peak.
    private func printLayers(_ entries: [LayerProfile.Entry], threads: Int) {
        let peak = MatrixMultiply.peakGFLOPS(threads: threads)
        print("sgemm peak         \(String(format: "%.0f", peak)) GFLOP/s (OpenBLAS, \(threads) threads)")
        print("\nlayer            ms   GFLOP/s   of peak")
        for entry in entries {
            let seconds = entry.duration / .seconds(entry.images)
            let rate = 2 * Double(entry.multiplyAdds) / seconds / 1e9
            let name = entry.name.padding(toLength: 12, withPad: " ", startingAt: 0)
            print(name + String(format: "%7.2f   %7.0f   %6.2fx", seconds * 1000, rate, rate / peak))
        }
    }

    private func makeGenerator() throws -> Generator {
        switch network {
        case .ffhq1024:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN2(imgResolution: 1024, channelBase: 32768))
        case .ffhq256:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN2(imgResolution: 256, channelBase: 16384))
        case .default:
            try ServedModel(path: nil).generator
        }
    }

    private func format(_ seconds: Double) -> String {
        String(format: "%.4f", seconds)
    }
}
