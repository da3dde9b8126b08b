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
}
