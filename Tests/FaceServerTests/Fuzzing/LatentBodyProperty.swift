// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

@testable import GANKit

#if canImport(FaceServer)
@testable import FaceServer
#endif

/// What holds of the JSON of a latent for any bytes: what is wrong is one of two errors, and a latent that is taken is one of
/// the model's.
enum LatentBodyProperty {
    /// Small, so that short inputs are whole latents.
    private static let model = GeneratorConfiguration(
        architecture: "stylegan2", zDim: 4, cDim: 0, wDim: 4, numWs: 2, imgResolution: 8, imgChannels: 3)

    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        do {
            let body = try JSONDecoder().decode(LatentBody.self, from: Data(bytes))
            // A number takes a byte at least, and a quarter of base64's four thirds.
            guard body.elements.count <= bytes.count else { return "more numbers than bytes" }
            guard !body.items.contains(where: { ["z", "w"].contains($0.name) }) else {
                return "a latent among the parameters"
            }
            let latent = try body.latent(for: model)
            let count = latent.space == .z ? model.zDim : model.numWs * model.wDim
            guard latent.elements.count == count, latent.elements.allSatisfy(\.isFinite) else {
                return "a latent that is none of the model's"
            }
            let copy = RawLatent.elements(base64: RawLatent.base64(latent.elements))
            return copy == latent.elements ? nil : "base64 is read as other numbers"
        } catch let error as ParameterError {
            return error.description.utf8.count <= 2_048 ? nil : "a message of many bytes"
        } catch is DecodingError {
            return nil
        } catch {
            return "an error that is none of ours: \(error)"
        }
    }
}
