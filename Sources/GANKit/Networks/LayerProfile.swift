// SPDX-License-Identifier: Apache-2.0

/// How long the layers of a network took, summed over images.
///
/// Not `Sendable`: it belongs to one `Workspace`.
public final class LayerProfile {
    /// One layer.
    public struct Entry: Sendable {
        /// "b64.conv1"
        public let name: String
        /// Multiply-adds of one image by the definition of the convolution, whatever way the layer takes.
        public let multiplyAdds: Int
        /// Time of all images.
        public internal(set) var duration: Duration
        /// Number of images.
        public internal(set) var images: Int
    }

    /// In the order in which the layers first ran.
    public private(set) var entries: [Entry] = []
    private let clock = ContinuousClock()

    /// An empty profile.
    public init() {}

    /// Runs a layer and adds its time.
    func measure(_ name: @autoclosure () -> String, multiplyAdds: Int, _ body: () -> Void) {
        let duration = clock.measure(body)
        let name = name()
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index].duration += duration
            entries[index].images += 1
        } else {
            entries.append(Entry(name: name, multiplyAdds: multiplyAdds, duration: duration, images: 1))
        }
    }
}
