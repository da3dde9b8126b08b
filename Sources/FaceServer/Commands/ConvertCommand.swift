// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GANKit
import Glibc

/// `faceserver convert`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Writes a model as a safetensors file.",
        discussion: """
            The file holds the weights that make faces, under the names of the official PyTorch state dict, and what \
            the model says of itself. It is smaller than a network pickle, opens faster, and makes the same faces.

            Example:
              faceserver convert ffhq.pkl ffhq.safetensors
            """
    )

    @Argument(help: ArgumentHelp("The checkpoint to read.", valueName: "in"), completion: .file())
    var input: String

    @Argument(
        help: ArgumentHelp("The .safetensors file to write; replaced if it is there.", valueName: "out"),
        completion: .file(extensions: ["safetensors"]))
    var output: String

    @OptionGroup
    var checksum: ChecksumOptions

    func run() throws {
        let reader = try read()
        try checkOutput()
        do {
            try SafetensorsWriter.write(reader, toPath: output)
        } catch let error as CheckpointError {
            if case .io = error {
                throw CommandFailure("\(output): \(error)")
            }
            throw CommandFailure("\(input): \(error)")
        }
        StandardStream.output.write("\(output)\n")
    }

    /// Opens the input, and loads its network, so that only what can make faces is converted.
    private func read() throws -> any CheckpointReader {
        do {
            let reader = try Checkpoint.open(checksum.map(input))
            _ = try Generator(checkpoint: reader)
            return reader
        } catch let error as CheckpointError {
            throw CommandFailure("\(input): \(error)")
        }
    }

    /// Refuses the name of a file that holds something else, the input above all.
    private func checkOutput() throws {
        guard output.hasSuffix(".safetensors") else {
            throw CommandFailure("\(output): expected a name that ends in .safetensors")
        }
        if let identity = Self.identity(of: output), identity == Self.identity(of: input) {
            throw CommandFailure("\(output): this is the input itself, expected another name")
        }
    }

    /// Device and inode of the file that a path leads to.
    private static func identity(of path: String) -> [UInt64]? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return nil
        }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }
}
