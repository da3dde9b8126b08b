// SPDX-License-Identifier: Apache-2.0

import GANKit
import Testing

@testable import FaceServer

#if arch(x86_64)
struct ProcessorCheckTests {
    @Test func processorWithEveryInstructionPasses() throws {
        let cpuInfo = "processor\t: 0\nflags\t\t: fpu avx2 bmi1 bmi2 f16c fma movbe sse2\n"
        try ProcessorCheck.run(CPUFeatures(cpuInfo: cpuInfo))
    }

    @Test func missingInstructionsAreNamed() {
        // An Intel Ivy Bridge of 2012 has AVX and F16C only.
        let features = CPUFeatures(cpuInfo: "flags\t\t: fpu sse4_2 avx f16c\n")
        let error = #expect(throws: CommandFailure.self) { try ProcessorCheck.run(features) }
        #expect(error?.description.hasPrefix("this processor lacks avx2, bmi1, bmi2, fma, movbe:") == true)
    }
}
#endif
