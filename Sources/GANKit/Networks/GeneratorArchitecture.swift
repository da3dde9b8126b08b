// SPDX-License-Identifier: Apache-2.0

/// The architectures that this version runs, by the names that checkpoints have for them.
enum GeneratorArchitecture {
    private static let networks: [(name: String, type: any GeneratorNetwork.Type)] = [
        ("stylegan", StyleGANNetwork.self),
        ("stylegan2", StyleGAN2Network.self),
        ("stylegan3", StyleGAN3Network.self),
        ("dcgan", DCGANNetwork.self),
    ]

    /// Loads the network of a checkpoint.
    ///
    /// - Throws: `CheckpointError`
    static func load(_ parameters: ParameterMap, loop: ParallelLoop) throws -> any GeneratorNetwork {
        let name = parameters.reader.metadata.architecture
        guard let network = networks.first(where: { $0.name == name }) else {
            let known = networks.map { "'\($0.name)'" }.joined(separator: ", ")
            throw CheckpointError.unsupported(detail: "architecture \(name.quoted) is not supported, only \(known)")
        }
        return try network.type.init(parameters, loop: loop)
    }
}
