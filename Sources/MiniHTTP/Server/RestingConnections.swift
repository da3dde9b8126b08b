// SPDX-License-Identifier: Apache-2.0

/// The connections of a loop that owe and are owed nothing, those that have rested longest first. Coming and going cost
/// the same however many there are.
struct RestingConnections {
    private struct Node {
        var next: Int32 = none
        var previous: Int32 = none
        var since: Int64 = 0
        var isIn = false
    }

    private static var none: Int32 { -1 }

    /// By descriptor, which the kernel keeps small.
    private var nodes: [Node] = []
    private var head = none
    private var tail = none

    /// The one that has rested longest, and since when.
    var first: (descriptor: Int32, since: Int64)? {
        head == Self.none ? nil : (head, nodes[Int(head)].since)
    }

    func contains(_ descriptor: Int32) -> Bool {
        Int(descriptor) < nodes.count && nodes[Int(descriptor)].isIn
    }

    /// Adds a connection that came to rest now, after all that are here.
    mutating func append(_ descriptor: Int32, since: Int64) {
        while nodes.count <= Int(descriptor) {
            nodes.append(Node())
        }
        nodes[Int(descriptor)] = Node(next: Self.none, previous: tail, since: since, isIn: true)
        if tail == Self.none {
            head = descriptor
        } else {
            nodes[Int(tail)].next = descriptor
        }
        tail = descriptor
    }

    mutating func remove(_ descriptor: Int32) {
        let node = nodes[Int(descriptor)]
        if node.previous == Self.none {
            head = node.next
        } else {
            nodes[Int(node.previous)].next = node.next
        }
        if node.next == Self.none {
            tail = node.previous
        } else {
            nodes[Int(node.next)].previous = node.previous
        }
        nodes[Int(descriptor)] = Node()
    }
}
