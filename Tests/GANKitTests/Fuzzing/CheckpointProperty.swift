// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// What holds of every reader of checkpoints, whatever the bytes: what is wrong is a `CheckpointError` of one readable line,
/// and what is read fits the file. The properties of the formats rest on it.
enum CheckpointProperty {
    /// Of a file that may hold thousands, as many as are read.
    private static let maxTensors = 64
    /// Filters that a format leaves to be made, and what `TensorBudget` spares.
    private static let spareElements = 1 << 18
    /// Larger pictures take too long here.
    private static let maxSide = 32
    /// "tensor 'synthesis.b64.conv0.weight' ..." and a few names that were found instead.
    private static let maxMessageBytes = 4_096

    /// The rule that a file of so many bytes breaks; nil when it breaks none.
    static func violation(byteCount: Int, _ open: () throws -> any CheckpointReader) -> String? {
        attempt {
            let reader = try open()
            return try violation(in: reader, byteCount: byteCount) ?? attempt { try violation(inNetworkOf: reader) }
        }
    }

    /// Runs `body`, of which errors of ours are no violation.
    static func attempt(_ body: () throws -> String?) -> String? {
        do {
            return try body()
        } catch let error as CheckpointError {
            return violation(inMessage: error.description)
        } catch is GenerationError {
            return nil
        } catch {
            return "an error that is none of ours: \(error)"
        }
    }

    private static func violation(inMessage message: String) -> String? {
        guard !message.isEmpty, message.utf8.count <= maxMessageBytes else {
            return "a message of \(message.utf8.count) bytes"
        }
        guard message.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            return "a message with control characters"
        }
        return nil
    }

    private static func violation(in reader: any CheckpointReader, byteCount: Int) throws -> String? {
        let names = reader.tensorNames
        guard zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }) else { return "names are not in order" }
        let absent = names.joined() + "?"
        guard reader.shape(of: absent) == nil else { return "a tensor that is not listed has a shape" }
        var count = CheckedInteger(0)
        for name in names {
            guard let shape = reader.shape(of: name), let own = CheckedInteger(of: shape).value else {
                return "a listed tensor has no shape of a size"
            }
            count.add(own)
        }
        guard let count = count.value, count <= spareElements + 2 * byteCount else {
            return "\(byteCount) bytes hold tensors of \(count.value.map(String.init) ?? "countless") elements"
        }
        for name in names.prefix(maxTensors) {
            let violation = attempt {
                let tensor = try reader.tensor(name)
                guard tensor.shape == reader.shape(of: name) else { return "a tensor has another shape than it should" }
                // Reads each element, which the address sanitizer watches.
                return tensor.elements.count == tensor.count ? nil : "a tensor has no such number of elements"
            }
            if let violation { return violation }
        }
        return nil
    }

    /// Loads the network and, when its pictures are small, makes one.
    private static func violation(inNetworkOf reader: any CheckpointReader) throws -> String? {
        let layers = reader.metadata.styleGAN3?.layers ?? []
        let isSmall = layers.allSatisfy { max($0.inSize, $0.outSize) <= 2 * maxSide }
        guard isSmall else { return nil }
        let generator = try Generator(checkpoint: reader, threads: 1)
        let configuration = generator.configuration
        guard configuration.imgResolution <= maxSide else { return nil }
        let request = GenerationRequest(seed: 1, classIndex: configuration.cDim > 0 ? 0 : nil)
        let picture = try generator.generate(request, workspace: generator.makeWorkspace(threads: 1))
        guard picture.width == configuration.imgResolution, picture.height == picture.width else {
            return "a picture of another size than the network's"
        }
        return nil
    }
}
