// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

#if arch(x86_64)
struct CPUFeaturesTests {
    static let haswell = "fpu avx avx2 bmi1 bmi2 f16c fma movbe"

    @Test(arguments: [
        (haswell, false, "no 512-bit registers"),
        (haswell + " avx512f", false, "the foundation alone, as on Knights Landing"),
        (haswell + " avx512f avx512bw avx512cd avx512dq avx512vl", true, "x86-64-v4"),
        ("fpu avx512f avx512bw avx512cd avx512dq avx512vl", false, "without the level below"),
    ])
    func wideKernelsNeedTheWholeLevel(flags: String, isWide: Bool, reason: String) {
        #expect(CPUFeatures(cpuInfo: "flags : \(flags)\n").hasAVX512 == isWide, "\(reason)")
    }

    @Test func thisMachineCanRunItsOwnTests() {
        #expect(CPUFeatures.current.missing.isEmpty)
    }
}
#endif
