// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `faceserver generate`
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes pictures into files.",
        discussion: """
            Examples:
              faceserver generate --seeds 0-9,42 --outdir out
              faceserver generate --network ffhq.pkl --seeds 0-35 --trunc 0.7 --outdir out
              faceserver generate grid --seeds 0-24 --trunc 0.7 --output grid.png
              faceserver generate mixes --rows 85,100,75 --cols 55,821 --styles 0-6 --outdir mixes
              faceserver generate morph --seeds 1,2,3 --frames 48 --output morph.apng
              faceserver generate url '/avatars/ada.webp?size=128' --output ada.webp
            """,
        subcommands: [
            GenerateFacesCommand.self, GenerateGridCommand.self, GenerateMixesCommand.self, GenerateMorphCommand.self,
            GenerateURLCommand.self,
        ],
        defaultSubcommand: GenerateFacesCommand.self
    )
}
