// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GANKit

/// `faceserver generate`, with the flags and file names of NVIDIA's `generate.py`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes faces into PNG files.",
        discussion: """
            Flags and file names are those of NVIDIA's generate.py: seed 42 goes to DIR/seed0042.png.

            Examples:
              faceserver generate --seeds 0-9,42 --outdir out
              faceserver generate --network ffhq.pkl --seeds 0-35 --trunc 0.7 --outdir out
            """
    )

    @Option(
        name: [.customLong("network"), .customLong("model")],
        help: ArgumentHelp("Checkpoint; without it the one that comes with the program.", valueName: "file"),
        completion: .file()
    )
    var network: String?

    @OptionGroup
    var checksum: ChecksumOptions

    @Option(help: ArgumentHelp("Seeds, such as 0-9,42.", valueName: "list"))
    var seeds: String

    @Option(name: .customLong("trunc"), help: ArgumentHelp("Truncation psi.", valueName: "number"))
    var truncation = "1"

    @Option(
        help: ArgumentHelp(
            "Number of layers that truncation applies to; without it all, or 8 of a StyleGAN.", valueName: "number"))
    var truncationCutoff: Int?

    @Option(name: .customLong("class"), help: ArgumentHelp("Class label of a conditional model.", valueName: "number"))
    var classIndex: Int?

    @Option(
        help: ArgumentHelp("const, random or none.", valueName: "mode"),
        completion: .list(NoiseMode.allCases.map(\.rawValue))
    )
    var noiseMode = "const"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Moves the picture right and down, in pictures (StyleGAN3).", valueName: "x,y"))
    var translate: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Turns the picture counter-clockwise, in degrees (StyleGAN3).", valueName: "angle"))
    var rotate: String?

    @Option(help: ArgumentHelp("Width and height in pixels; the model's own without it.", valueName: "number"))
    var size: Int?

    @Option(
        help: ArgumentHelp("Folder for the pictures; made if it is not there.", valueName: "dir"),
        completion: .directory
    )
    var outdir: String

    func run() throws {
        let seeds = try SeedList(seeds).seeds
        let model = try ServedModel(ModelDeclaration(path: network, sha256: checksum.expected))
        let template = try parameters(for: model)
        do {
            try FileManager.default.createDirectory(atPath: outdir, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("\(outdir): cannot make this folder")
        }
        let folder = URL(fileURLWithPath: outdir, isDirectory: true)
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
        var items = [(name: "seed", value: "0"), (name: "truncation", value: truncation)]
        if traits.hasNoise {
            items.append((name: "noise", value: noiseMode))
        } else if noiseMode != NoiseMode.const.rawValue {
            warn("--noise-mode \(noiseMode) has no effect, because the model has no noise")
        }
        if let translate {
            items.append((name: "translate", value: translate))
        }
        if let rotate {
            items.append((name: "rotate", value: rotate))
        }
        if let truncationCutoff {
            items.append((name: "cutoff", value: String(truncationCutoff)))
        }
        if let size {
            items.append((name: "size", value: String(size)))
        }
        if let classIndex, traits.classCount == 0 {
            warn("--class \(classIndex) has no effect, because the model has no classes")
        } else if let classIndex {
            items.append((name: "class", value: String(classIndex)))
        } else if traits.classCount > 0 {
            throw CommandFailure("--class is missing: the model wants a class from 0 to \(traits.classCount - 1)")
        }
        do {
            let values = try ParameterParser(FaceParameters.declarations(for: traits)).parse(items)
            return try FaceParameters(values, model: traits)
        } catch {
            let flag = Self.flag(of: error.parameter)
            throw CommandFailure("--\(flag) is '\(error.value ?? "")', expected \(error.allowed)")
        }
    }

    private static func flag(of parameter: String) -> String {
        ["truncation": "trunc", "cutoff": "truncation-cutoff", "noise": "noise-mode"][parameter] ?? parameter
    }

    private func warn(_ text: String) {
        StandardStream.error.write("faceserver: warning: \(text)\n")
    }
}
