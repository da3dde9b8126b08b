// SPDX-License-Identifier: Apache-2.0

/// A request that a model cannot serve.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
    /// A conditional model was given no class.
    case classMissing(classes: Int)
    /// The class is none of the model's.
    case classOutOfRange(classIndex: Int, classes: Int)
    /// An unconditional model was given a class.
    case classNotSupported(classIndex: Int)
    /// The model's pictures cannot be moved and turned.
    case transformNotSupported(architecture: String)
    /// A transform with a number that is not finite.
    case transformNotFinite
    /// The number of z elements is not that of the model.
    case inputSize(count: Int, zDim: Int)
    /// The number of w elements is not that of the model.
    case latentSize(count: Int, numWs: Int, wDim: Int)
    /// An element of z or w that is not finite.
    case latentNotFinite(index: Int)

    /// One clause without a final stop.
    public var description: String {
        switch self {
        case .classMissing(let classes):
            "a class from 0 to \(classes - 1) is needed, since the model is conditional"
        case .classOutOfRange(let classIndex, let classes):
            "class \(classIndex) is not in 0 to \(classes - 1)"
        case .classNotSupported(let classIndex):
            "class \(classIndex) was given, but the model has no classes"
        case .transformNotSupported(let architecture):
            "a translation or rotation was given, but a \(architecture) model has none; StyleGAN3 models have"
        case .transformNotFinite:
            "the translation or rotation is not a finite number"
        case .inputSize(let count, let zDim):
            "z has \(count) elements, not \(zDim)"
        case .latentSize(let count, let numWs, let wDim):
            "w has \(count) elements, not \(numWs) times \(wDim)"
        case .latentNotFinite(let index):
            "element \(index) of the latent is not a finite number"
        }
    }
}
