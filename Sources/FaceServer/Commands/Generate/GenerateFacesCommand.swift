// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GANKit

/// `faceserver generate`, with the flags and file names of NVIDIA's `generate.py`.
struct GenerateFacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faces",
        abstract: "Makes faces into PNG files.",
        discussion: """
            Flags and file names are those of NVIDIA's generate.py: seed 42 goes to DIR/seed0042.png.

            Examples:
              faceserver generate --seeds 0-9,42 --outdir out
              faceserver generate --network ffhq.pkl --seeds 0-35 --trunc 0.7 --outdir out
            """
    )

    @OptionGroup
    var network: NetworkOptions

    @Option(help: ArgumentHelp("Seeds, such as 0-9,42.", valueName: "list"))
    var seeds: String

    @OptionGroup
    var picture: PictureOptions

    @OptionGroup
    var output: FolderOptions

    func run() throws {
        let seeds = try SeedList(seeds).seeds
        let model = try ServedModel(network.declaration)
        let template = try parameters(for: model)
        let folder = try output.make()
        try ImageWriter(model: model, cores: ProcessInfo.processInfo.activeProcessorCount).write(
            seeds.map { seed in
                var parameters = template
                parameters.seed = seed
                return (parameters, folder.appendingPathComponent(Self.fileName(of: seed)))
            }
        )
    }

    /// `f'seed{seed:04d}.png'` of the official script.
    static func fileName(of seed: UInt32) -> String {
        let digits = String(seed)
        return "seed" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".png"
    }

    /// The parameters that all pictures share, checked against the same declarations as those of a request.
    private func parameters(for model: ServedModel) throws -> FaceParameters {
        let traits = model.traits(defaultTruncation: FixedDecimal(millionths: 1_000_000))
        let items = [(name: "seed", value: "0")] + (try picture.items(for: traits))
        do {
            let values = try ParameterParser(FaceParameters.declarations(for: traits)).parse(items)
            return try FaceParameters(values, model: traits)
        } catch {
            throw PictureOptions.failure(error.parameter, error.value, allowed: error.allowed)
        }
    }
}
