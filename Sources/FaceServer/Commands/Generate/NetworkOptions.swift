// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which checkpoint makes the pictures.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: [.customLong("network"), .customLong("model")],
        help: ArgumentHelp("Checkpoint; without it the one that comes with the program.", valueName: "file"),
        completion: .file()
    )
    var network: String?

    @OptionGroup
    var checksum: ChecksumOptions

    var declaration: ModelDeclaration { ModelDeclaration(path: network, sha256: checksum.expected) }
}
