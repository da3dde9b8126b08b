// SPDX-License-Identifier: Apache-2.0

/// The memory and the threads with which one worker scores pictures, allocated once and used again for each.
///
/// Not `Sendable`: one worker uses it at a time.
public final class DiscriminatorWorkspace {
    /// The threads that work on the next picture, 1 to as many as the memory suffices for. A score does not depend on it.
    public var threads: Int {
        didSet { threads = min(max(1, threads), maxThreads) }
    }
    private let maxThreads: Int
    /// The picture, [H, W, imgChannels].
    let image: FloatBuffer
    /// The picture at half the size.
    let nextImage: FloatBuffer
    /// What goes into a block, and what comes out of it.
    let x: FloatBuffer
    /// What is between a block's convolutions.
    let between: FloatBuffer
    /// What goes around them.
    let around: FloatBuffer
    let scratch: FloatBuffer

    init(image count: Int, blocks: [DiscriminatorBlock], epilogue: DiscriminatorEpilogue, threads: Int) {
        let threads = max(1, threads)
        maxThreads = threads
        self.threads = threads
        func largest(_ count: (DiscriminatorBlock) -> Int) -> FloatBuffer {
            // Padded channels and rims are zero or finite from the start.
            FloatBuffer(zeros: max(1, blocks.map(count).max() ?? 1))
        }
        image = FloatBuffer(zeros: count)
        nextImage = FloatBuffer(zeros: count)
        x = largest { max($0.conv0.input.count, $0.conv1.output.count) }
        between = largest { $0.conv1.input.count }
        around = largest { $0.skip?.output.count ?? 0 }
        let scratchCount = blocks.map { $0.scratchCount(threads: threads) }.max() ?? 0
        scratch = FloatBuffer(zeros: max(scratchCount, epilogue.scratchCount(threads: threads)))
    }
}
