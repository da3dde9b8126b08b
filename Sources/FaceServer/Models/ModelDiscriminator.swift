// SPDX-License-Identifier: Apache-2.0

import GANKit
import Synchronization

/// The discriminator of a model's checkpoint, loaded when it is first asked for: most servers never are.
///
/// The lock guards the loaded network. Who asks while it is loaded waits, so this is for workers' threads only.
final class ModelDiscriminator: Sendable {
    private let checkpoint: any CheckpointReader
    private let loaded = Mutex<Discriminator?>(nil)

    init(checkpoint: any CheckpointReader) {
        self.checkpoint = checkpoint
    }

    /// - Throws: `CheckpointError` when a tensor is missing or does not fit.
    func network() throws -> Discriminator {
        try loaded.withLock { loaded in
            if let network = loaded { return network }
            let network = try Discriminator(checkpoint: checkpoint)
            loaded = network
            return network
        }
    }
}
