// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import GANKit

/// The directions in which a model's faces can be moved, beside those that are found in its weights.
struct ModelDirections: Sendable {
    /// A direction of a file.
    struct Named: Sendable {
        let direction: LatentDirection
        /// The beginning of the SHA-256 of its numbers, since another file may come under the same name.
        let digest: String
    }

    private(set) var named: [String: Named] = [:]

    var names: [String] { named.keys.sorted() }

    /// Reads files. A file of one direction has it under the declaration's name; of several, each is the declaration's name,
    /// a dot, and the tensor's name or the number in the array.
    ///
    /// - Throws: `CommandFailure` that begins with the file's name.
    init(_ declarations: [DirectionDeclaration], for configuration: GeneratorConfiguration) throws {
        for declaration in declarations {
            do {
                let entries = try DirectionFile.read(
                    path: declaration.path, space: declaration.space, for: configuration)
                for (name, direction) in Self.names(entries, in: declaration.name) {
                    guard PlainName.isValid(name) else {
                        throw CommandFailure("'\(name)' is no name for a direction")
                    }
                    guard named[name] == nil else {
                        throw CommandFailure("there is more than one direction '\(name)'")
                    }
                    named[name] = Named(direction: direction, digest: Self.digest(direction))
                }
            } catch {
                throw CommandFailure("\(declaration.path): \(error)")
            }
        }
    }

    private static func names(
        _ entries: [DirectionFile.Entry], in name: String
    ) -> [(name: String, direction: LatentDirection)] {
        let isOne = entries.count == 1 && entries[0].directions.count == 1
        return entries.flatMap { entry in
            entry.directions.enumerated().map { index, direction in
                let parts = [entry.name, entry.directions.count > 1 ? "\(index)" : nil].compactMap { $0 }
                return (name: isOne ? name : ([name] + parts).joined(separator: "."), direction: direction)
            }
        }
    }

    private static func digest(_ direction: LatentDirection) -> String {
        let space = Data(direction.space.rawValue.utf8)
        return Hexadecimal.encode(SHA256.hash(data: Data(littleEndian: direction.vectors) + space).prefix(8))
    }

    /// What the numbers of the edits' directions add to a picture's identity.
    func fingerprint(of edits: [FaceEdit]) -> String {
        edits.compactMap { edit in
            if case .name(let name) = edit.direction { named[name].map { " \($0.digest)" } } else { nil }
        }.joined()
    }
}
