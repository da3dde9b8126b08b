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
    /// Layers that the model does not have.
    case layersOutOfRange(layers: ClosedRange<Int>, numWs: Int)
    /// Layers whose w no convolution takes, or a model without styles.
    case layersWithoutStyles(layers: ClosedRange<Int>, architecture: String)
    /// The elements of a direction are not as many as those of the model's latents.
    case directionSize(length: Int, expected: Int)
    /// A picture to be scored that has another size than the model's.
    case pictureSize(width: Int, height: Int, imgResolution: Int)
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
        case .layersOutOfRange(let layers, let numWs):
            "layers \(layers.lowerBound) to \(layers.upperBound) are not in 0 to \(numWs - 1)"
        case .layersWithoutStyles(let layers, let architecture):
            "layers \(layers.lowerBound) to \(layers.upperBound) of this \(architecture) model have no styles"
        case .directionSize(let length, let expected):
            "a direction has \(length) elements, not \(expected)"
        case .pictureSize(let width, let height, let imgResolution):
            "a picture of \(width)x\(height) pixels was given, but the model's have \(imgResolution)x\(imgResolution)"
        case .latentNotFinite(let index):
            "element \(index) of the latent is not a finite number"
        }
    }

    /// The class that a model is asked for; 0 for an unconditional one.
    ///
    /// - Parameter classes: how many the model has
    static func checked(_ classIndex: Int?, classes: Int) throws(GenerationError) -> Int {
        switch classIndex {
        case nil where classes > 0:
            throw GenerationError.classMissing(classes: classes)
        case let index? where classes == 0:
            throw GenerationError.classNotSupported(classIndex: index)
        case let index? where !(0..<classes).contains(index):
            throw GenerationError.classOutOfRange(classIndex: index, classes: classes)
        case let index:
            return index ?? 0
        }
    }
}
