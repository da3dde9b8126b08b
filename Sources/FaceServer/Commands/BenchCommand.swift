// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GANKit

/// `faceserver bench`
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures how long a face takes on this machine.",
        discussion: """
            ffhq1024 and ffhq256 have the sizes of NVIDIA's config-f FFHQ models and random weights, the others those \
            of its StyleGAN3 models; a picture takes as long with any weights.

            Examples:
              faceserver bench --config ffhq1024 --layers
              faceserver bench --model ffhq.pkl --threads 1 --json
              faceserver bench --config ffhq256 --forms
            """
    )

    /// Which network is measured.
    enum Network: String, CaseIterable, ExpressibleByArgument {
        /// 1024x1024, `channel_base` 32768.
        case ffhq1024
        /// 256x256, `channel_base` 16384.
        case ffhq256
        /// StyleGAN3, configuration T.
        case stylegan3t256 = "stylegan3-t-256"
        case stylegan3t1024 = "stylegan3-t-1024"
        /// StyleGAN3, configuration R.
        case stylegan3r256 = "stylegan3-r-256"
        case stylegan3r1024 = "stylegan3-r-1024"
        /// The checkpoint that comes with the program.
        case `default`
    }

    @Option(
        name: .customLong("config"),
        help: "The network to measure; without it the one that comes with the program.")
    var network: Network?

    @Option(help: ArgumentHelp("A checkpoint to measure instead.", valueName: "file"), completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("Measured rounds, after one that is not.", valueName: "number"))
    var repeats = 5

    @Option(help: ArgumentHelp("Threads in all; one a core without it.", valueName: "number"))
    var threads: Int?

    @Option(help: ArgumentHelp("Pictures of a round, which share the threads.", valueName: "number"))
    var batch = 1

    @Flag(help: "Also show how long each layer takes, and its rate against OpenBLAS's.")
    var layers = false

    @Flag(help: "Show instead how long each convolution takes in each form there is for it (StyleGAN2 only).")
    var forms = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard network == nil || model == nil else {
            throw ValidationError("--config and --model exclude each other.")
        }
        guard (1...100_000).contains(repeats), (1...256).contains(threads ?? 1), (1...256).contains(batch) else {
            throw ValidationError("--repeats goes from 1 to 100000, --threads and --batch from 1 to 256.")
        }
        guard !forms || !(layers || json) else {
            throw ValidationError("--forms goes with neither --layers nor --json.")
        }
    }

    func run() throws {
        if forms {
            print(try FormReport(entries: measureForms()).text)
            return
        }
        let report = try measure()
        print(json ? try report.json() : report.text)
    }

    func measure() throws -> BenchReport {
        let clock = ContinuousClock()
        let began = clock.now
        let generator = try makeGenerator()
        let loadTime = clock.now - began

        let threads = threadCount
        let benchmark = GenerationBenchmark(generator: generator, batch: batch, threads: threads)
        let secondsPerImage = try benchmark.run(rounds: repeats)
        // Read before the rest, which a server does not need at the same time.
        let peakMebibytes = ProcessMemory.peakMebibytes
        let png = try benchmark.encode(rounds: repeats)
        var profile: BenchReport.Profile?
        if layers {
            profile = BenchReport.Profile(
                sgemmPeakGFLOPS: MatrixMultiply.peakGFLOPS(threads: threads),
                layers: try benchmark.profile(rounds: repeats).map(BenchReport.Layer.init))
        }
        return BenchReport(
            network: model ?? (network ?? .default).rawValue, resolution: generator.configuration.imgResolution,
            threads: threads, batch: batch, secondsPerImage: secondsPerImage, loadSeconds: loadTime / .seconds(1),
            peakMebibytes: peakMebibytes, png: png, profile: profile)
    }

    func measureForms() throws -> [FormBenchmark.Entry] {
        let generator = try makeGenerator()
        guard let benchmark = try FormBenchmark(generator, threads: threadCount) else {
            throw CommandFailure(
                "--forms is for StyleGAN2, and this is \(generator.configuration.architecture)")
        }
        return benchmark.run(rounds: repeats)
    }

    private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    private func makeGenerator() throws -> Generator {
        switch network {
        case .ffhq1024:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN2(imgResolution: 1024, channelBase: 32768))
        case .ffhq256:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN2(imgResolution: 256, channelBase: 16384))
        case .stylegan3t256:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN3(.t, imgResolution: 256))
        case .stylegan3t1024:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN3(.t, imgResolution: 1024))
        case .stylegan3r256:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN3(.r, imgResolution: 256))
        case .stylegan3r1024:
            try Generator(checkpoint: SyntheticCheckpoint.styleGAN3(.r, imgResolution: 1024))
        case .default, nil:
            try ServedModel(path: model).generator
        }
    }
}
