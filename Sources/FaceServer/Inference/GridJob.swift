// SPDX-License-Identifier: Apache-2.0

/// A grid to be made.
struct GridJob: Sendable {
    let model: ServedModel
    let grid: PictureGrid

    var key: FaceKey {
        FaceKey(model, grid.canonicalURL, edits: firstFace?.edits ?? [], type: grid.format.type)
    }

    /// What faces have in common can be read off any of them.
    private var firstFace: FaceParameters? { grid.cells.lazy.compactMap { $0 }.first }

    /// Width and height of each cell in pixels.
    var cellSize: Int {
        firstFace?.size ?? model.generator.configuration.imgResolution
    }
}

extension CompositeLimits {
    /// - Throws: `ParameterError` for a grid of too many cells or pixels.
    func check(_ job: GridJob) throws(ParameterError) {
        let count = job.grid.columns * job.grid.rows
        let longest = max(job.grid.columns, job.grid.rows)
        let faces = job.grid.cells.count { $0 != nil }
        guard faces <= maxCells else {
            throw ParameterError(
                parameter: "rows", value: "\(job.grid.rows) x \(job.grid.columns)",
                allowed: "at most \(maxCells) faces in one picture", reason: .outOfRange)
        }
        guard count * job.cellSize * job.cellSize <= maxPixels else {
            let largest = Int((Double(maxPixels) / Double(count)).squareRoot())
            throw ParameterError(
                parameter: "size", value: "\(job.cellSize)",
                allowed: "at most \(largest) for \(count) places, which together may have \(maxPixels) pixels",
                reason: .outOfRange)
        }
        let type = job.grid.format.type
        guard longest * job.cellSize <= type.largestSide else {
            throw ParameterError(
                parameter: "size", value: "\(job.cellSize)",
                allowed: "at most \(type.largestSide / longest) for \(longest) places beside each other, "
                    + "since a .\(type.rawValue) may have \(type.largestSide) pixels",
                reason: .outOfRange)
        }
    }
}
