// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import FaceServer

@Suite struct HelpTests {
    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func everyShellCompletesSubcommands(shell: CompletionShell) {
        let script = FaceServer.completionScript(for: shell)
        for name in ["serve", "generate", "mixes", "outdir"] {
            #expect(script.contains(name), "\(shell.rawValue): \(name)")
        }
    }

    private func commands(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(commands)
    }

    @Test func everyCommandsHelpHasAnExample() {
        let all = commands(FaceServer.self)
        #expect(all.count > 10)
        for command in all {
            let lines = FaceServer.helpMessage(for: command).split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("  ") && $0.contains("faceserver ") }, "\(command)")
        }
    }
}
