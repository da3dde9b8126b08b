// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GANKit

/// The flags of NVIDIA's scripts that decide how any picture looks, and `--size`.
struct PictureOptions: ParsableArguments {
    @Option(
        name: .customLong("trunc"), parsing: .unconditional,
        help: ArgumentHelp("Truncation psi.", valueName: "number"))
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

    @Option(help: ArgumentHelp("What random noise is drawn from; the face's seed without it.", valueName: "seed"))
    var noiseSeed: String?

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

    /// The flags as parameters of a URL. What has no effect on the model is left out, with a warning, as the official
    /// script does.
    ///
    /// - Throws: `CommandFailure` when the model wants a class and there is none.
    func items(for traits: ModelTraits) throws -> [(name: String, value: String)] {
        var items = [(name: "truncation", value: truncation)]
        if traits.hasNoise {
            items.append((name: "noise", value: noiseMode))
        } else if noiseMode != NoiseMode.const.rawValue {
            warn("--noise-mode \(noiseMode) has no effect, because the model has no noise")
        }
        let rest = [
            ("noise_seed", noiseSeed), ("translate", translate), ("rotate", rotate),
            ("cutoff", truncationCutoff.map(String.init)), ("size", size.map(String.init)),
        ]
        items += rest.compactMap { name, value in value.map { (name: name, value: $0) } }
        if let classIndex, traits.classCount == 0 {
            warn("--class \(classIndex) has no effect, because the model has no classes")
        } else if let classIndex {
            items.append((name: "class", value: String(classIndex)))
        } else if traits.classCount > 0 {
            throw CommandFailure("--class is missing: the model wants a class from 0 to \(traits.classCount - 1)")
        }
        return items
    }

    /// What is wrong with a parameter, in words of the command line.
    static func failure(_ parameter: String, _ value: String?, allowed: String) -> CommandFailure {
        CommandFailure("--\(flag(of: parameter)) is '\(value ?? "")', expected \(allowed)")
    }

    /// The flag that a parameter was given as.
    private static func flag(of parameter: String) -> String {
        [
            "truncation": "trunc", "cutoff": "truncation-cutoff", "noise": "noise-mode", "noise_seed": "noise-seed",
            "layers": "styles",
        ][parameter] ?? parameter
    }

    private func warn(_ text: String) {
        StandardStream.error.write("faceserver: warning: \(text)\n")
    }
}
