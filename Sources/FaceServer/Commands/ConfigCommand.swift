// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// `faceserver config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints the effective configuration and where each value came from.",
        discussion: """
            Takes the flags that `serve` takes, and fails where `serve` would. Secrets are not printed.

            Example:
              PORT=9000 faceserver config --config faceserver.yaml
            """
    )

    @OptionGroup
    var options: ConfigurationOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let values = try await options.values()
        _ = try ServerConfiguration(values)
        StandardStream.output.write(json ? values.json : values.yaml)
    }
}
