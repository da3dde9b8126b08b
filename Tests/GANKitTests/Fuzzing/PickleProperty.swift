// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// What holds of the pickle machine and of the readers of network pickles for any bytes. `make fuzz` looks for bytes that
/// break it, a test replays the corpus.
enum PickleProperty {
    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let file = ByteView(copying: Array(bytes))
        for allowsPersistentIDs in [false, true] {
            let violation = CheckpointProperty.attempt {
                Self.violation(in: try PickleMachine.run(file, allowsPersistentIDs: allowsPersistentIDs))
            }
            if let violation { return violation }
        }
        for network in ["G_ema", "D"] {
            let violation = CheckpointProperty.violation(byteCount: bytes.count) {
                try Checkpoint.openPickle(file, network: network)
            }
            if let violation { return violation }
        }
        return nil
    }

    private static func violation(in document: PickleDocument) -> String? {
        let count = document.source.count
        guard (1...count).contains(document.endOffset) else { return "the pickle ends where there is no file" }
        let nodes = document.nodes
        let memory = nodes.reduce(0) { sum, node in
            sum + MemoryLayout<PickleNode>.stride + node.elements.count * MemoryLayout<PickleValue>.stride
        }
        guard memory <= PickleLimits(sourceByteCount: count).allocatedBytes else {
            return "containers of \(memory) bytes"
        }
        let values = nodes.lazy.flatMap { $0.elements + [$0.state ?? .none] }
        for value in [document.root] + values {
            switch value {
            case .string(let range), .bytes(let range), .latin1(let range), .bigInteger(let range):
                guard range.lowerBound >= 0, range.upperBound <= count else { return "a value lies beyond the file" }
            case .node(let index):
                guard nodes.indices.contains(index) else { return "a container that is not there" }
            case .none, .bool, .int, .double, .global: break
            }
        }
        return nil
    }
}
