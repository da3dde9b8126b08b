// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GANKit

/// The file that one picture goes to.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("File for the picture; its extension is the format.", valueName: "file"),
        completion: .file()
    )
    var output: String

    @Option(help: ArgumentHelp("1 to 100, of JPEG and WebP.", valueName: "number"))
    var quality: Int?

    /// The format that the file's extension names.
    ///
    /// - Throws: `CommandFailure` that names those that there are.
    func type(of types: [PictureFileType]) throws -> PictureFileType {
        let name = URL(fileURLWithPath: output).pathExtension.lowercased()
        // The extensions that other programs use for the same.
        let known = name == "jpeg" ? "jpg" : name == "png" && !types.contains(.png) ? "apng" : name
        guard let type = types.first(where: { $0.rawValue == known }) else {
            throw CommandFailure(
                "--output is '\(output)', expected a file that ends in "
                    + types.map { ".\($0.rawValue)" }.joined(separator: ", "))
        }
        return type
    }

    /// The flags as parameters of a URL.
    var items: [(name: String, value: String)] {
        quality.map { [(name: "quality", value: String($0))] } ?? []
    }

    func write(_ bytes: [UInt8]) throws {
        try OutputFolder.write(bytes, to: URL(fileURLWithPath: output))
        StandardStream.output.write("\(output)\n")
    }
}
