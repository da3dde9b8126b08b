// SPDX-License-Identifier: Apache-2.0

/// How large a picture may be that is made of several faces.
struct CompositeLimits: Sendable, Equatable {
    /// Faces of a grid.
    var maxCells = 100
    /// Width times height of a grid.
    var maxPixels = 33_554_432
    /// Frames of an animation.
    var maxFrames = 240
}
