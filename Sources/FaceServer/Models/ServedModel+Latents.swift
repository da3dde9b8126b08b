// SPDX-License-Identifier: Apache-2.0

import GANKit

extension ServedModel {
    /// What the synthesis network makes a face of. Steps in z are made before the mapping, of every seed that has a part
    /// in the face; steps in w at the end.
    ///
    /// - Throws: `GenerationError`
    func latent(of face: FaceParameters) throws(GenerationError) -> Latent {
        var inZ: [LatentEdit] = []
        var inW: [LatentEdit] = []
        for edit in face.edits {
            guard let direction = try direction(edit.direction) else { continue }
            let step = LatentEdit(direction: direction, strength: edit.strength.floatValue, layers: edit.layers)
            if direction.space == .z {
                inZ.append(step)
            } else {
                inW.append(step)
            }
        }
        return inW.reduce(try unmoved(face, inZ)) { $0.moved($1) }
    }

    /// nil for a name that there is no more.
    private func direction(_ direction: FaceEdit.Direction) throws(GenerationError) -> LatentDirection? {
        switch direction {
        case .rank(let rank): try generator.styleDirections()[rank]
        case .name(let name): directions.named[name]?.direction
        }
    }

    private func unmoved(_ face: FaceParameters, _ edits: [LatentEdit]) throws(GenerationError) -> Latent {
        let request = face.generationRequest
        if let raw = face.latent {
            switch raw.space {
            case .w: return try generator.latent(ws: raw.elements, like: request)
            case .z: return try generator.latent(z: raw.elements, like: request, edits: edits)
            }
        }
        if let morph = face.morph {
            return try latent(of: morph, like: request, edits)
        }
        let own = try latent(of: request, seed: request.seed, edits)
        guard let mix = face.mix else { return own }
        return own.mixing(layers: mix.layers.layers, from: try latent(of: request, seed: mix.seed, edits))
    }

    private func latent(
        of request: GenerationRequest, seed: UInt32, _ edits: [LatentEdit]
    ) throws(GenerationError) -> Latent {
        var other = request
        other.seed = seed
        return try edits.isEmpty ? generator.latent(of: other) : generator.latent(like: other, edits: edits)
    }

    /// A place on the way between seeds. Noise is the first seed's all the way.
    private func latent(
        of morph: MorphPoint, like request: GenerationRequest, _ edits: [LatentEdit]
    ) throws(GenerationError) -> Latent {
        let (first, second, fraction) = morph.leg
        if morph.space == .z {
            let point = SphericalInterpolation.point(
                between: generator.z(seed: first), and: generator.z(seed: second), fraction: fraction)
            return try generator.latent(z: point, like: request, edits: edits)
        }
        var keys: [Latent] = []
        for seed in morph.isClosed ? morph.seeds : [first, second] {
            keys.append(try latent(of: request, seed: seed, edits))
        }
        let place =
            morph.isClosed
            ? LatentLoop(keys).latent(at: morph.position.doubleValue)
            : keys[0].interpolated(to: keys[1], fraction: Float(fraction))
        // The first key is another seed's on the further legs of an open way.
        return first == request.seed || request.noiseMode != .random
            ? place : try generator.latent(ws: place.ws, like: request)
    }
}
