// SPDX-License-Identifier: Apache-2.0

/// The sizes of a generator and what it can be asked for, whatever its architecture.
public struct GeneratorConfiguration: Sendable, Equatable {
    /// The family of networks: "stylegan2".
    public let architecture: String
    /// Length of the input z.
    public let zDim: Int
    /// Number of classes; 0 for an unconditional model.
    public let cDim: Int
    /// Length of the intermediate latent w. A model without w takes z in its place.
    public let wDim: Int
    /// Number of w vectors that the synthesis network takes.
    public let numWs: Int
    /// Width and height of the image in pixels.
    public let imgResolution: Int
    /// 3 for RGB, 1 for grey.
    public let imgChannels: Int
    /// Whether there is an average w, towards which truncation draws.
    public var hasTruncation = true
    /// Whether layers add noise.
    public var hasNoise = true
    /// Whether the picture can be moved and turned.
    public var hasTransform = false

    /// Refuses what is no picture.
    ///
    /// - Throws: `CheckpointError.unsupported`
    static func check(imgChannels: Int) throws {
        guard imgChannels == 3 || imgChannels == 1 else {
            throw CheckpointError.unsupported(
                detail: "images of \(imgChannels) channels are not supported, only 3 (RGB) and 1 (grey)")
        }
    }
}
