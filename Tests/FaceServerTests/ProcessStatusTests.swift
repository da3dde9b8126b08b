// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ProcessStatusTests {
    /// proc(5): fields 14 and 15 are ticks on processors, 22 the start in ticks, 23 bytes, 24 pages.
    private static let fields =
        "S 1 2 3 4 5 6 7 8 9 10 300 125 13 14 15 16 17 18 5000 1000000 25 4294967295"

    private func status(_ stat: String?) -> ProcessStatus {
        ProcessStatus(
            stat: stat, bootTime: 1000, ticksPerSecond: 100, pageBytes: 4096, openDescriptors: 3, maxDescriptors: 9)
    }

    @Test(arguments: ["42 (faceserver) ", "42 (a b) c) ", "42 () "])
    func fieldsAreCountedFromTheEndOfTheName(start: String) {
        #expect(
            status(start + Self.fields)
                == ProcessStatus(
                    residentBytes: 25 * 4096, virtualBytes: 1_000_000, cpuSeconds: 4.25, openDescriptors: 3,
                    maxDescriptors: 9, startTime: 1050))
    }

    @Test(arguments: [nil, "", "42 faceserver S", "42 (faceserver) S 1"])
    func shortTextLeavesValuesOut(stat: String?) {
        #expect(status(stat) == ProcessStatus(openDescriptors: 3, maxDescriptors: 9))
    }

    @Test func bootTimeIsALineOfItsOwn() {
        #expect(ProcessStatus.bootTime(stat: "cpu 1 2\nbtime 1700000000\nprocesses 3\n") == 1_700_000_000)
        #expect(ProcessStatus.bootTime(stat: "cpu 1 2\n") == nil)
    }

    #if os(Linux)
    @Test func thisProcessIsKnown() throws {
        let status = ProcessStatus.current
        #expect(try #require(status.residentBytes) > 1_000_000)
        #expect(try #require(status.virtualBytes) >= status.residentBytes ?? 0)
        #expect(try #require(status.cpuSeconds) >= 0)
        #expect(try #require(status.openDescriptors) > 2)
        #expect(try #require(status.maxDescriptors) >= status.openDescriptors ?? 0)
        // 2020-01-01.
        #expect(try #require(status.startTime) > 1_577_836_800)
    }
    #endif
}
