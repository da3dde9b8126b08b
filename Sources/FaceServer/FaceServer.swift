// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The command line program.
@main
struct FaceServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faceserver",
        abstract: "Serves faces that a generative adversarial network makes up.",
        version: BuildInformation.version,
        subcommands: [ServeCommand.self, GenerateCommand.self, BenchCommand.self, HealthcheckCommand.self],
        defaultSubcommand: ServeCommand.self
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            try await run(&command)
        } catch let failure as CommandFailure {
            FileHandle.standardError.write(Data("faceserver: \(failure)\n".utf8))
            exit(withError: ExitCode.failure)
        } catch {
            // Usage errors, --help and --version, which ArgumentParser words itself.
            exit(withError: error)
        }
    }
}
