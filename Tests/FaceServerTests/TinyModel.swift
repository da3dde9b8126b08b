// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import TestSupport

/// A network of 8x8 pixels with random weights, which loads and runs in no time.
enum TinyModel {
    /// Writes a checkpoint and returns its path. Other `variant`s have other weights.
    static func write(
        variant: Int = 1, classes: Int = 0, metadata: CheckpointMetadata = CheckpointMetadata(),
        to path: String
    ) throws {
        let network = SyntheticCheckpoint.styleGAN2(
            imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 8, wDim: 8, mappingLayers: variant, cDim: classes)
        let tensors = try network.tensorNames.map { ($0, try network.tensor($0)) }
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try SafetensorsWriter.write(
            Dictionary(uniqueKeysWithValues: tensors), metadata: metadata, toPath: path)
    }
}

extension TemporaryFolder {
    /// The path of a new tiny checkpoint.
    func tinyModel(
        _ name: String, variant: Int = 1, classes: Int = 0, metadata: CheckpointMetadata = CheckpointMetadata()
    ) throws -> String {
        let path = path + "/" + name
        try TinyModel.write(variant: variant, classes: classes, metadata: metadata, to: path)
        return path
    }
}
