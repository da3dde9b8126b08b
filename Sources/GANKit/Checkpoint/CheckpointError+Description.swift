// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CheckpointError: CustomStringConvertible {
    /// One clause without a final stop and without the file's name.
    public var description: String {
        switch self {
        case .io(let operation, let errno):
            "\(operation): \(String(cString: strerror(errno)))"
        case .unknownFormat(let detail), .malformed(let detail), .refused(let detail), .unsupported(let detail):
            detail
        case .missingTensor(let name):
            "tensor \(name.quoted) is missing"
        case .unexpectedShape(let name, let expected, let actual):
            "tensor \(name.quoted): expected shape [\(Self.axes(expected))], found \(actual)"
        }
    }

    private static func axes(_ shape: [Int?]) -> String {
        shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
    }
}
