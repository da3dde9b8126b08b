// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CProcessorFeatures

/// The command line program.
@main
struct FaceServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faceserver",
        abstract: "Serves faces that a generative adversarial network makes up.",
        discussion: examples,
        version: BuildInformation.description,
        subcommands: [
            ServeCommand.self, GenerateCommand.self, ConvertCommand.self, BenchCommand.self, HealthcheckCommand.self,
            ConfigCommand.self, InspectCommand.self, KeyCommand.self, SignCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    static func main() async {
        StandardStream.fillGaps()
        do {
            try ProcessorCheck.run(read_processor_registers())
            var command = try parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch {
            // ArgumentParser words usage errors, --help and --version, which have exit codes of their own.
            if exitCode(for: error) == .failure {
                StandardStream.error.write("faceserver: \(error)\n")
                exit(withError: ExitCode.failure)
            }
            exit(withError: error)
        }
    }
}
