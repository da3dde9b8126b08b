// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ProcessMemoryTests {
    @Test func peakIsReadFromStatus() {
        // From /proc/self/status of Linux 6.1.
        let status = "Name:\tfaceserver\nVmPeak:\t  401236 kB\nVmHWM:\t   46680 kB\nVmRSS:\t   41020 kB\n"
        #expect(ProcessMemory.peakMebibytes(status: status) == 45)
    }

    @Test func absentOrOddLineIsNoNumber() {
        #expect(ProcessMemory.peakMebibytes(status: "VmRSS:\t 1 kB\n") == nil)
        #expect(ProcessMemory.peakMebibytes(status: "VmHWM:\t much\n") == nil)
    }
}
