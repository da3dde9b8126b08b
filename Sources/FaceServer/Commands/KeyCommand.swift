// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `faceserver key`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes an API key, or a key to sign URLs with.",
        discussion: """
            Prints the key, which is for the client alone, and the entry of access.keys, which holds only its hash. With \
            --signing prints an entry of access.signingKeys, which is a secret of the server.

            Examples:
              faceserver key --name web
              faceserver key --name prometheus --scope metrics
              faceserver key --signing
            """
    )

    @Option(help: ArgumentHelp("The key's name, for logs.", valueName: "text"))
    var name = "client"

    @Option(
        name: .customLong("scope"),
        help: ArgumentHelp("What it is for: faces, metrics or admin; may be repeated.", valueName: "word"))
    var scopes: [AccessScope] = [.faces]

    @Flag(help: "Make a key to sign URLs with.")
    var signing = false

    func validate() throws {
        guard PlainName.isValid(name) else {
            throw ValidationError("--name is '\(name)', expected 1 to 64 letters, digits, '-', '_' and '.'")
        }
    }

    func run() {
        guard !signing else {
            StandardStream.output.write(URLSigningKey.random() + "\n")
            return
        }
        let key = APIKey.random()
        let entry = APIKey.entry(name: name, key: key, scopes: scopes)
        StandardStream.output.write("key:         \(key)\naccess.keys: \(entry)\n")
    }
}

extension AccessScope: ExpressibleByArgument {}
