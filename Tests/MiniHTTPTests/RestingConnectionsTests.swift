// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct RestingConnectionsTests {
    /// Takes them off one after the other.
    private func order(_ resting: RestingConnections) -> [Int32] {
        var resting = resting
        var order: [Int32] = []
        while let first = resting.first {
            order.append(first.descriptor)
            resting.remove(first.descriptor)
        }
        return order
    }

    @Test func longestRestComesFirst() {
        var resting = RestingConnections()
        for (time, descriptor) in [7, 3, 9].enumerated() {
            resting.append(Int32(descriptor), since: Int64(time))
        }
        #expect(resting.first?.since == 0)
        #expect(order(resting) == [7, 3, 9])
    }

    @Test(arguments: [(7, [3, 9]), (3, [7, 9]), (9, [7, 3])] as [(Int32, [Int32])])
    func anyOneCanGo(descriptor: Int32, rest: [Int32]) {
        var resting = RestingConnections()
        for descriptor: Int32 in [7, 3, 9] {
            resting.append(descriptor, since: 0)
        }
        resting.remove(descriptor)
        #expect(!resting.contains(descriptor))
        #expect(order(resting) == rest)
        resting.append(descriptor, since: 1)
        #expect(order(resting) == rest + [descriptor])
    }

    @Test func unknownDescriptorIsNotThere() {
        #expect(!RestingConnections().contains(1000))
        #expect(RestingConnections().first == nil)
    }
}
