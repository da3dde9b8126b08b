// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GANKit

/// `faceserver inspect`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what is in a checkpoint.",
        discussion: """
            Architecture, sizes, layers with the shapes of their tensors, hash, format, and what of the file no face \
            needs. The network is loaded, so a file that passes can be served.

            Examples:
              faceserver inspect ffhq.pkl
              faceserver inspect --json 550000.pt
            """
    )

    @Argument(help: ArgumentHelp("The checkpoint to read.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup
    var checksum: ChecksumOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = try report()
        StandardStream.output.write((json ? try report.json() : report.text) + "\n")
    }

    func report() throws -> InspectionReport {
        do {
            let mapped = try checksum.map(file)
            let inspection = try CheckpointInspection(Checkpoint.open(mapped))
            return InspectionReport(inspection, file: file, sha256: mapped.sha256)
        } catch let error as CheckpointError {
            throw CommandFailure("\(file): \(error)")
        }
    }
}
