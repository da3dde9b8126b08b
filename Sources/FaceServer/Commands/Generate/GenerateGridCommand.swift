// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `faceserver generate grid`
struct GenerateGridCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grid",
        abstract: "Makes one picture of the faces of several seeds.",
        discussion: """
            Example:
              faceserver generate grid --seeds 0-24 --columns 5 --trunc 0.7 --output grid.png
            """
    )

    @OptionGroup
    var network: NetworkOptions

    @Option(help: ArgumentHelp("Seeds, such as 0-9,42.", valueName: "list"))
    var seeds: String

    @Option(help: ArgumentHelp("Faces in a row; about as many as rows without it.", valueName: "number"))
    var columns: Int?

    @OptionGroup
    var picture: PictureOptions

    @OptionGroup
    var output: OutputOptions

    func run() async throws {
        let count = try SeedList(seeds).seeds.count
        let type = try output.type(of: PictureFileType.stills)
        let server = try await OfflineServer(network)
        var items = try picture.items(for: server.traits) + output.items
        if let columns {
            items.append((name: "columns", value: String(columns)))
        }
        let target = OfflineServer.target("/grids/\(seeds).\(type.rawValue)", items)
        try output.write(try await server.file(target, of: count))
    }
}
