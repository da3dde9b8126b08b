// SPDX-License-Identifier: Apache-2.0

import GANKit

/// A file of directions as the configuration names it: "smile=smile.npy", or "age=z:age.npy" for directions of z.
struct DirectionDeclaration: Sendable, Equatable {
    static let allowed = "a list of NAME=FILE or NAME=z:FILE, such as smile=smile.npy"

    let name: String
    let space: LatentDirection.Space
    let path: String

    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // A name of digits would be a rank.
        guard parts.count == 2, PlainName.isValid(parts[0]), parts[0].first?.isLetter == true, !parts[1].isEmpty else {
            return nil
        }
        name = String(parts[0])
        let space = LatentDirection.Space.allCases.first { parts[1].hasPrefix("\($0.rawValue):") }
        self.space = space ?? .w
        path = String(space == nil ? parts[1] : parts[1].dropFirst(2))
    }
}
