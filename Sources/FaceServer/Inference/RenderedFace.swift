// SPDX-License-Identifier: Apache-2.0

/// A finished face.
struct RenderedFace: Sendable {
    /// The complete file.
    let file: [UInt8]
    /// The network's time for the batch until this picture was there; nil for a face that was kept.
    var inference: Duration?
    /// The time of resizing and compression; nil for a face that was kept.
    var encoding: Duration?
}
