// SPDX-License-Identifier: Apache-2.0

/// A request that a model cannot serve.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
    /// A conditional model was given no class.
    case classMissing(classes: Int)
    /// The class is none of the model's.
    case classOutOfRange(classIndex: Int, classes: Int)
    /// An unconditional model was given a class.
    case classNotSupported(classIndex: Int)
    /// The number of w elements is not that of the model.
    case latentSize(count: Int, numWs: Int, wDim: Int)

    /// One clause without a final stop.
    public var description: String {
        switch self {
        case .classMissing(let classes):
            "a class from 0 to \(classes - 1) is needed, since the model is conditional"
        case .classOutOfRange(let classIndex, let classes):
            "class \(classIndex) is not in 0 to \(classes - 1)"
        case .classNotSupported(let classIndex):
            "class \(classIndex) was given, but the model has no classes"
        case .latentSize(let count, let numWs, let wDim):
            "w has \(count) elements, not \(numWs) times \(wDim)"
        }
    }
}
