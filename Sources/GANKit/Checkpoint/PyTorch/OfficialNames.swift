// SPDX-License-Identifier: Apache-2.0

/// State dicts under the official names: `torch.save(G_ema.state_dict(), ...)` of NVIDIA's StyleGAN2.
enum OfficialNames {
    static func recognize(_ dictionaries: [TorchStateDict]) throws -> TorchStateDictReader.Found? {
        guard
            let dictionary = dictionaries.first(where: {
                $0.tensors["synthesis.b4.const"] != nil && $0.tensors["mapping.fc0.weight"] != nil
            })
        else { return nil }
        var metadata = CheckpointMetadata()
        // Only the last block of the others makes RGB, and only resnet has a path around a block.
        if dictionary.tensors["synthesis.b8.skip.weight"] != nil {
            metadata.blockArchitecture = .resnet
        } else if dictionary.tensors["synthesis.b8.conv1.weight"] != nil,
            dictionary.tensors["synthesis.b4.torgb.weight"] == nil
        {
            metadata.blockArchitecture = .orig
        }
        return TorchStateDictReader.Found(
            metadata: metadata, tensors: dictionary.tensors, unused: [], keys: [dictionary.key])
    }
}
