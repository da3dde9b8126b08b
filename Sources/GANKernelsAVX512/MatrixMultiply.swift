// SPDX-License-Identifier: Apache-2.0

import CProcessorHints

// The 512-bit form of GANKernels' file of the same name: 32 wide registers hold the sums of twelve rows of two panels.

/// `c = a b` for `panels` blocks of 16 columns. Each element is a chain of fused multiply-adds in ascending order.
///
/// - Parameters:
///   - a: [rows, inner], rows `aStride` elements apart
///   - b: [panels, inner, 16]
///   - c: [rows, panels * 16], rows `cStride` elements apart; overwritten
@inline(never)
public func multiply(
    rows: Int, inner: Int, panels: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int
) {
    let panelCount = inner &* Lanes.count
    var panel = 0
    while panel < panels {
        let weights = b + panel &* panelCount
        let target = c + panel &* Lanes.count
        // After the last panels these are fetched again, which costs nothing.
        let next = panel &+ 3 < panels ? weights + 2 &* panelCount : weights
        if panel &+ 1 < panels {
            columns(
                PairSums.self, rows: rows, inner: inner, a: a, aStride: aStride, b: weights, next: next, c: target,
                cStride: cStride)
        } else {
            columns(
                SingleSums.self, rows: rows, inner: inner, a: a, aStride: aStride, b: weights, next: next, c: target,
                cStride: cStride)
        }
        panel &+= 2
    }
}

/// All rows of one or two panels, in steps of four, eight or twelve rows that are as equal as they can be.
///
/// The first step waits for its weights to come from memory, the others find them in the cache. So all steps together
/// fetch the weights that follow, `next`, and memory and arithmetic work at the same time.
@inline(__always)
private func columns<Sums: RowSums>(
    _: Sums.Type, rows: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, next: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, cStride: Int
) {
    let quads = (rows &+ 3) / 4
    let steps = (quads &+ 2) / 3
    // Rounded up: the parts may overlap.
    let part = (Lanes.count &+ steps &- 1) / steps
    var quad = 0
    for step in 0..<steps {
        let end = (step &+ 1) &* quads / steps
        let row = 4 &* quad
        let block = Block<Sums>(
            a: a + row &* aStride, aStride: aStride, c: c + row &* cStride, cStride: cStride, rows: rows &- row,
            inner: inner, b: b, next: next + step &* part &* inner, part: part)
        switch end &- quad {
        case 1: block.four()
        case 2: block.eight()
        default: block.twelve()
        }
        quad = end
    }
}

/// The sums of one row.
private protocol RowSums {
    associatedtype Weights

    init()

    /// Sixteen weights of each panel.
    static func load(_ weights: UnsafePointer<Float>, panelCount: Int) -> Weights

    mutating func add(_ factor: Float, _ weights: Weights)

    func save(_ pointer: UnsafeMutablePointer<Float>)
}

/// One row of one panel.
private struct SingleSums: RowSums {
    private var sum = Lanes.zero

    @inline(__always)
    init() {}

    @inline(__always)
    static func load(_ weights: UnsafePointer<Float>, panelCount: Int) -> Lanes {
        Lanes(weights)
    }

    @inline(__always)
    mutating func add(_ factor: Float, _ weights: Lanes) {
        sum.addProduct(Lanes(repeating: factor), weights)
    }

    @inline(__always)
    func save(_ pointer: UnsafeMutablePointer<Float>) {
        sum.store(pointer)
    }
}

/// One row of two panels.
private struct PairSums: RowSums {
    private var low = Lanes.zero
    private var high = Lanes.zero

    @inline(__always)
    init() {}

    @inline(__always)
    static func load(_ weights: UnsafePointer<Float>, panelCount: Int) -> (low: Lanes, high: Lanes) {
        (Lanes(weights), Lanes(weights + panelCount))
    }

    @inline(__always)
    mutating func add(_ factor: Float, _ weights: (low: Lanes, high: Lanes)) {
        low.addProduct(Lanes(repeating: factor), weights.low)
        high.addProduct(Lanes(repeating: factor), weights.high)
    }

    @inline(__always)
    func save(_ pointer: UnsafeMutablePointer<Float>) {
        low.store(pointer)
        high.store(pointer + Lanes.count)
    }
}

/// Four neighbouring rows. Where there are fewer, the last one is computed again.
private struct Quad<Sums: RowSums> {
    private let a0, a1, a2, a3: UnsafePointer<Float>
    private let c0, c1, c2, c3: UnsafeMutablePointer<Float>
    private var s0 = Sums()
    private var s1 = Sums()
    private var s2 = Sums()
    private var s3 = Sums()

    @inline(__always)
    init(_ block: Block<Sums>, _ quad: Int) {
        let (first, last) = (4 &* quad, block.rows &- 1)
        let (row1, row2, row3) = (min(first &+ 1, last), min(first &+ 2, last), min(first &+ 3, last))
        a0 = block.a + first &* block.aStride
        a1 = block.a + row1 &* block.aStride
        a2 = block.a + row2 &* block.aStride
        a3 = block.a + row3 &* block.aStride
        c0 = block.c + first &* block.cStride
        c1 = block.c + row1 &* block.cStride
        c2 = block.c + row2 &* block.cStride
        c3 = block.c + row3 &* block.cStride
    }

    @inline(__always)
    mutating func add(_ index: Int, _ weights: Sums.Weights) {
        s0.add(a0[index], weights)
        s1.add(a1[index], weights)
        s2.add(a2[index], weights)
        s3.add(a3[index], weights)
    }

    @inline(__always)
    func save() {
        s0.save(c0)
        s1.save(c1)
        s2.save(c2)
        s3.save(c3)
    }
}

/// Rows that are computed together. `rows` may be more than a step takes.
private struct Block<Sums: RowSums> {
    let a: UnsafePointer<Float>
    let aStride: Int
    let c: UnsafeMutablePointer<Float>
    let cStride: Int
    let rows: Int
    let inner: Int
    let b: UnsafePointer<Float>
    /// The part of the following weights that this step fetches, `part` elements of each panel at a time.
    let next: UnsafePointer<Float>
    let part: Int

    @inline(__always)
    private func weights(_ index: Int) -> Sums.Weights {
        prefetch_to_second_level(next + index &* part)
        prefetch_to_second_level(next + (inner &* Lanes.count &+ index &* part))
        return Sums.load(b + index &* Lanes.count, panelCount: inner &* Lanes.count)
    }

    @inline(__always)
    func four() {
        var first = Quad(self, 0)
        for index in 0..<inner {
            first.add(index, weights(index))
        }
        first.save()
    }

    @inline(__always)
    func eight() {
        var (first, second) = (Quad(self, 0), Quad(self, 1))
        for index in 0..<inner {
            let w = weights(index)
            first.add(index, w)
            second.add(index, w)
        }
        first.save()
        second.save()
    }

    @inline(__always)
    func twelve() {
        var (first, second, third) = (Quad(self, 0), Quad(self, 1), Quad(self, 2))
        for index in 0..<inner {
            let w = weights(index)
            first.add(index, w)
            second.add(index, w)
            third.add(index, w)
        }
        first.save()
        second.save()
        third.save()
    }
}
