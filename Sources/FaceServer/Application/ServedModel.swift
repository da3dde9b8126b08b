// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit

/// A generator together with what the server says of it.
final class ServedModel: Sendable {
    /// The checkpoint that comes with the program.
    static let defaultResource = "Models/faces-64.safetensors"

    let identity: ModelIdentity
    let generator: Generator

    /// Opens a checkpoint, or the one that comes with the program when `path` is nil.
    ///
    /// - Parameter name: the name to go by; nil for the model's own, or else the file's.
    /// - Throws: `CommandFailure` that begins with the file's name.
    init(path: String?, name: String? = nil, resources: ResourceLocator = ResourceLocator()) throws {
        let path = try path ?? resources.path(of: Self.defaultResource)
        do {
            let file = try MappedFile(path: path)
            let checkpoint = try Checkpoint.open(file)
            generator = try Generator(checkpoint: checkpoint)
            let fileName = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            identity = ModelIdentity(
                name: Self.printable(name ?? checkpoint.metadata.name ?? fileName),
                sha256: file.sha256
            )
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    /// What the bounds of a request's parameters depend on.
    func traits(defaultTruncation: FixedDecimal) -> ModelTraits {
        ModelTraits(
            resolution: generator.configuration.imgResolution,
            layerCount: generator.configuration.numWs,
            classCount: generator.configuration.cDim,
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
