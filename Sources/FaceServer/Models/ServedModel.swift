// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GANKit
import Glibc

/// A generator together with what the server says of it.
final class ServedModel: Sendable {
    /// The checkpoint that comes with the program.
    static let defaultResource = "Models/faces-64.safetensors"

    let identity: ModelIdentity
    let generator: Generator
    let directions: ModelDirections
    /// nil where the checkpoint has none.
    let discriminator: ModelDiscriminator?
    /// The file's format as people call it.
    let formatName: String

    /// Opens a checkpoint, or the one that comes with the program when `path` is nil.
    ///
    /// - Parameter name: the name to go by; nil for the model's own, or else the file's.
    /// - Throws: `CommandFailure` that begins with the file's name.
    convenience init(path: String?, name: String? = nil, resources: ResourceLocator = ResourceLocator()) throws {
        try self.init(ModelDeclaration(name: name, path: path), resources: resources)
    }

    /// Opens the checkpoint of a declaration.
    ///
    /// - Throws: `CommandFailure` that begins with the file's name.
    convenience init(_ declaration: ModelDeclaration, resources: ResourceLocator = ResourceLocator()) throws {
        let path = try declaration.path ?? resources.path(of: Self.defaultResource)
        try self.init(declaration, path: path, file: Self.open(path))
    }

    /// Likewise, but is nil when the file's SHA-256 is `known`.
    convenience init?(_ declaration: ModelDeclaration, unlessItIs known: String, resources: ResourceLocator) throws {
        let path = try declaration.path ?? resources.path(of: Self.defaultResource)
        let file = try Self.open(path)
        guard file.sha256 != known else { return nil }
        try self.init(declaration, path: path, file: file)
    }

    private init(_ declaration: ModelDeclaration, path: String, file: MappedFile) throws {
        if let expected = declaration.sha256 {
            try ChecksumOptions.check(file, path: path, expected: expected)
        }
        do {
            let checkpoint = try Checkpoint.open(file)
            generator = try Generator(checkpoint: checkpoint)
            formatName = checkpoint.formatName
            // One that is of no use is no reason not to serve the generator.
            discriminator = (try? Checkpoint.discriminator(in: file)).map { ModelDiscriminator(checkpoint: $0) }
            directions = try ModelDirections(declaration.directions, for: generator.configuration)
            let fileName = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            identity = ModelIdentity(
                name: Self.printable(declaration.name ?? checkpoint.metadata.name ?? fileName),
                sha256: file.sha256
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    private static func open(_ path: String) throws -> MappedFile {
        do {
            return try Checkpoint.map(path: path)
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    /// What the bounds of a request's parameters depend on.
    func traits(defaultTruncation: FixedDecimal) -> ModelTraits {
        ModelTraits(
            resolution: generator.configuration.imgResolution,
            layerCount: generator.configuration.numWs,
            defaultCutoff: generator.metadata.truncationCutoff,
            classCount: generator.configuration.cDim,
            hasNoise: generator.configuration.hasNoise,
            hasTransform: generator.configuration.hasTransform,
            // A DCGAN has no styles to find them in.
            directionCount: generator.configuration.hasTruncation ? generator.configuration.wDim : 0,
            directionNames: directions.names,
            hasDiscriminator: discriminator != nil,
            defaultTruncation: defaultTruncation
        )
    }

    /// A name fit for PNG text and for a log line, whatever a checkpoint's metadata holds: printable ASCII, at most
    /// 80 characters.
    static func printable(_ name: String) -> String {
        let kept = name.unicodeScalars.map { (" "..."~").contains($0) ? Character($0) : "?" }
        let text = String(kept.prefix(80))
        return text.isEmpty ? "unnamed" : text
    }
}
