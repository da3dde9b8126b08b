// SPDX-License-Identifier: Apache-2.0

/// A failure that ends the program, told in one clause without a final stop: the command prints
/// "faceserver: " and the clause, and exits with 1.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
