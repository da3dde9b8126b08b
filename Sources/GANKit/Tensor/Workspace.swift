// SPDX-License-Identifier: Apache-2.0

/// The memory and the threads with which one worker makes images, allocated once and used again for each image.
///
/// Each architecture has a subclass with the memory that its network needs.
///
/// Not `Sendable`: one worker uses it at a time.
public class Workspace {
    /// The most threads that the memory suffices for.
    public let maxThreads: Int
    /// The threads that work on the next image, 1 to `maxThreads`. A picture's bytes do not depend on it.
    public var threads: Int {
        didSet { threads = min(max(1, threads), maxThreads) }
    }
    /// Collects how long each layer takes, if set.
    public var profile: LayerProfile?
    /// The most images that go through the network together.
    public let maxBatch: Int

    /// Runs pieces of work on `threads` threads.
    var loop: ParallelLoop { ParallelLoop(threads: threads, team: team) }
    private let team = ThreadTeam()

    init(threads: Int, maxBatch: Int) {
        maxThreads = max(1, threads)
        self.threads = maxThreads
        self.maxBatch = max(1, maxBatch)
    }

    /// Runs a layer, and adds its time to the profile if there is one.
    func measured(_ name: @autoclosure () -> String, _ multiplyAdds: @autoclosure () -> Int, _ body: () -> Void) {
        if let profile {
            profile.measure(name(), multiplyAdds: multiplyAdds(), body)
        } else {
            body()
        }
    }
}
