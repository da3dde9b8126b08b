// SPDX-License-Identifier: Apache-2.0

extension Generator {
    /// How many factorisations are remembered.
    private static let mostKnownDirections = 16

    /// The directions to which the styles of some layers react most. Found at the first call, which takes up to a second, and
    /// remembered; who asks meanwhile waits.
    ///
    /// - Parameter layers: numbers of w vectors; nil for all
    /// - Throws: `GenerationError`
    public func styleDirections(layers: ClosedRange<Int>? = nil) throws(GenerationError) -> StyleDirections {
        let layers = layers ?? 0...configuration.numWs - 1
        guard (0..<configuration.numWs).contains(layers.lowerBound), layers.upperBound < configuration.numWs else {
            throw GenerationError.layersOutOfRange(layers: layers, numWs: configuration.numWs)
        }
        let affines = network.styleAffines.filter { layers.contains($0.wIndex) }
        guard !affines.isEmpty else {
            throw GenerationError.layersWithoutStyles(layers: layers, architecture: configuration.architecture)
        }
        return knownDirections.withLock { known in
            if let directions = known[layers] { return directions }
            let directions = StyleDirections(layers: layers, affines: affines, wDim: configuration.wDim)
            if known.count >= Self.mostKnownDirections {
                known.removeAll()
            }
            known[layers] = directions
            return directions
        }
    }

    /// What the synthesis network starts from after some steps: those in z are made before the mapping, those in w after
    /// truncation. A step in z of some layers only takes those layers' w from where it leads.
    ///
    /// - Parameter z: [zDim]; nil for that of the request's seed
    /// - Throws: `GenerationError`
    public func latent(
        z: [Float]? = nil, like request: GenerationRequest, edits: [LatentEdit]
    ) throws(GenerationError) -> Latent {
        for edit in edits {
            let expected = edit.direction.space == .z ? configuration.zDim : configuration.wDim
            guard edit.direction.length == expected,
                [expected, expected * configuration.numWs].contains(edit.direction.vectors.count)
            else {
                throw GenerationError.directionSize(length: edit.direction.length, expected: expected)
            }
        }
        var z = z ?? self.z(seed: request.seed)
        let inZ = edits.filter { $0.direction.space == .z }
        for edit in inZ where edit.layers == nil {
            z = Self.moved(z, edit)
        }
        var latent = try latent(z: z, like: request)
        for edit in inZ {
            guard let layers = edit.layers else { continue }
            latent = latent.mixing(
                layers: (0..<configuration.numWs).filter(layers.contains),
                from: try self.latent(z: Self.moved(z, edit), like: request))
        }
        return edits.reduce(latent) { $1.direction.space == .w ? $0.moved($1) : $0 }
    }

    private static func moved(_ z: [Float], _ edit: LatentEdit) -> [Float] {
        zip(z, edit.direction.vectors).map { $0.addingProduct(edit.strength, $1) }
    }
}

extension Latent {
    /// This latent after a step in w: `w + strength * direction`.
    ///
    /// - Parameter edit: along a direction of w, of this generator
    public func moved(_ edit: LatentEdit) -> Latent {
        precondition(edit.direction.space == .w && edit.direction.length == wDim, "a direction of another space")
        var moved = self
        for layer in 0..<numWs where edit.layers?.contains(layer) ?? true {
            for (index, step) in zip(layer * wDim..<(layer + 1) * wDim, edit.direction.vector(ofLayer: layer)) {
                moved.ws[index] = ws[index].addingProduct(edit.strength, step)
            }
        }
        return moved
    }
}
