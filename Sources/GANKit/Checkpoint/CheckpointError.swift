// SPDX-License-Identifier: Apache-2.0

/// Why a checkpoint cannot be read. Descriptions are one clause without the file's name, which the caller knows.
public enum CheckpointError: Error, Equatable {
    /// A system call on the file failed.
    case io(operation: String, errno: Int32)
    /// The first bytes are of no known format.
    case unknownFormat(detail: String)
    /// The file breaks the rules of its format, or is cut short.
    case malformed(detail: String)
    /// The file is well formed but asks for something that is refused, such as an unknown import.
    case refused(detail: String)
    /// The network is of a kind that this version does not run.
    case unsupported(detail: String)
    /// A tensor that the network needs is not there.
    case missingTensor(name: String)
    /// A tensor does not have the shape that its neighbours imply; nil stands for any length but zero.
    case unexpectedShape(name: String, expected: [Int?], actual: [Int])
}
