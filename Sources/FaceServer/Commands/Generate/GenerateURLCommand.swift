// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// `faceserver generate url`
struct GenerateURLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "url",
        abstract: "Makes the picture that a server gives at a URL.",
        discussion: """
            The truncation of a URL that names none is 1, as in all of 'generate'.

            Examples:
              faceserver generate url '/avatars/ada.webp?size=128' --output ada.webp
              faceserver generate url '/faces/42.json?w=base64' --output face.json
            """
    )

    @Argument(help: "Path and query of the URL.")
    var target: String

    @OptionGroup
    var network: NetworkOptions

    @Option(
        name: [.short, .long], help: ArgumentHelp("File for the picture.", valueName: "file"), completion: .file())
    var output: String

    func run() async throws {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 }) else {
            throw CommandFailure("'\(target)' is no path and query, such as /faces/42.png?truncation=0.7")
        }
        let file = try await OfflineServer(network).file(target)
        try OutputFolder.write(file, to: URL(fileURLWithPath: output))
        StandardStream.output.write("\(output)\n")
    }
}
