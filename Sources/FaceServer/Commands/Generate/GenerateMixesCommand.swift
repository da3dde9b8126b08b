// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// `faceserver generate mixes`, with the flags and file names of NVIDIA's `style_mixing.py`.
struct GenerateMixesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixes",
        abstract: "Mixes faces: all but some layers of one, these of another.",
        discussion: """
            Flags and file names are those of NVIDIA's style_mixing.py: row 85 mixed with column 55 goes to \
            DIR/85-55.png, the face of a seed to DIR/85-85.png, and all of them together to DIR/grid.png.

            Example:
              faceserver generate mixes --rows 85,100,75 --cols 55,821 --styles 0-6 --outdir mixes
            """
    )

    @OptionGroup
    var network: NetworkOptions

    @Option(help: ArgumentHelp("Seeds of the rows, such as 85,100.", valueName: "list"))
    var rows: String

    @Option(
        name: [.customLong("cols"), .customLong("columns")],
        help: ArgumentHelp("Seeds of the columns.", valueName: "list"))
    var columns: String

    @Option(
        name: [.customLong("styles"), .customLong("layers")],
        help: ArgumentHelp("Layers that the column decides; 0-6 without it.", valueName: "list"))
    var layers: String?

    @OptionGroup
    var picture: PictureOptions

    @OptionGroup
    var output: FolderOptions

    func run() async throws {
        let rowSeeds = try SeedList(rows, flag: "rows").seeds
        let columnSeeds = try SeedList(columns, flag: "cols").seeds
        let server = try await OfflineServer(network)
        let items = try picture.items(for: server.traits)
        let layerItems = layers.map { [(name: "layers", value: $0)] } ?? []
        let total = (rowSeeds.count + 1) * (columnSeeds.count + 1) - 1
        let grid = try await server.file(
            OfflineServer.target("/mixes/\(rows)/\(columns).png", items + layerItems), of: total)
        let folder = try output.make()
        func write(_ bytes: [UInt8], _ name: String) throws {
            let file = folder.appendingPathComponent(name)
            try OutputFolder.write(bytes, to: file)
            StandardStream.output.write("\(file.relativePath)\n")
        }
        // The faces were made for the grid, and are in the cache unless they are very many.
        for seed in Set(rowSeeds + columnSeeds).sorted() {
            try write(try await server.file(OfflineServer.target("/faces/\(seed).png", items)), "\(seed)-\(seed).png")
        }
        for row in rowSeeds {
            for column in columnSeeds where column != row {
                let mix = [(name: "mix", value: String(column))] + layerItems
                let target = OfflineServer.target("/faces/\(row).png", items + mix)
                try write(try await server.file(target), "\(row)-\(column).png")
            }
        }
        try write(grid, "grid.png")
    }
}
