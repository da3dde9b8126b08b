// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `faceserver generate morph`
struct GenerateMorphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "morph",
        abstract: "Makes an animation from one face to the next, or a picture of one place on the way.",
        discussion: """
            The way is closed and smooth, as that of NVIDIA's gen_video.py, or with --open straight from seed to seed.

            Examples:
              faceserver generate morph --seeds 1,2,3 --frames 48 --fps 24 --output morph.apng
              faceserver generate morph --seeds 1,2 --t 0.35 --output between.png
            """
    )

    @OptionGroup
    var network: NetworkOptions

    @Option(help: ArgumentHelp("Seeds of the way, such as 1,2,3.", valueName: "list"))
    var seeds: String

    @Option(help: ArgumentHelp("Pictures of the whole way; 48 without it.", valueName: "number"))
    var frames: Int?

    @Option(help: ArgumentHelp("Pictures in a second; 24 without it.", valueName: "number"))
    var fps: Int?

    @Option(help: ArgumentHelp("w, or z along the sphere.", valueName: "space"), completion: .list(["w", "z"]))
    var space: String?

    @Flag(help: "End at the last seed.")
    var open = false

    @Option(
        help: ArgumentHelp(
            "Place of a single picture: 0 is the first seed, 1 the second, straight between unless --loop.",
            valueName: "number"))
    var t: String?

    @Flag(help: "With --t, take the place from the closed way.")
    var loop = false

    @OptionGroup
    var picture: PictureOptions

    @OptionGroup
    var output: OutputOptions

    func run() async throws {
        let way = MorphPoint.path(of: try SeedList(seeds).seeds)
        let isStill = t != nil
        let type = try output.type(of: isStill ? [.png, .jpg] : PictureFileType.animations)
        let server = try await OfflineServer(network)
        var items = try picture.items(for: server.traits) + output.items
        let own = [
            ("t", t), ("space", space), ("frames", frames.map(String.init)), ("fps", fps.map(String.init)),
            ("loop", isStill ? (loop ? "true" : nil) : (open ? "false" : nil)),
        ]
        items += own.compactMap { name, value in value.map { (name: name, value: $0) } }
        let target = OfflineServer.target("/morphs/\(way).\(type.rawValue)", items)
        try output.write(try await server.file(target, of: isStill ? 1 : frames ?? Animation.defaultFrames))
    }
}
