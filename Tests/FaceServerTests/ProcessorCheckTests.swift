// SPDX-License-Identifier: Apache-2.0

import CProcessorFeatures
import Testing

@testable import FaceServer

#if arch(x86_64)
/// The bits are those of CPUID in Intel's Software Developer's Manual, volume 2A.
struct ProcessorCheckTests {
    /// FMA, MOVBE, OSXSAVE, AVX, F16C; BMI1, AVX2, BMI2; LZCNT; SSE and AVX registers are saved.
    private static let haswell = processor_registers(
        leaf1_ecx: 0x3840_1000, leaf7_ebx: 0x128, extended_ecx: 0x20, xcr0: 0x7)
    /// AVX-512 F, DQ, CD, BW and VL.
    private static let wide: UInt32 = 0xd003_0000

    @Test func processorWithEveryInstructionPasses() throws {
        try ProcessorCheck.run(Self.haswell)
    }

    @Test func missingInstructionsAreNamed() {
        // An Intel Ivy Bridge of 2012 has AVX and F16C only.
        let ivyBridge = processor_registers(leaf1_ecx: 0x3800_0000, leaf7_ebx: 0, extended_ecx: 0, xcr0: 0x7)
        let error = #expect(throws: CommandFailure.self) { try ProcessorCheck.run(ivyBridge) }
        #expect(error?.description.hasPrefix("this processor lacks avx2, bmi1, bmi2, fma, lzcnt, movbe:") == true)
    }

    @Test func systemThatSavesNoWideRegistersHasNone() {
        var registers = Self.haswell
        registers.xcr0 = 0x3
        let error = #expect(throws: CommandFailure.self) { try ProcessorCheck.run(registers) }
        #expect(error?.description.hasPrefix("this processor lacks avx, avx2, f16c, fma:") == true)
    }

    @Test(arguments: [
        (haswell.leaf7_ebx, UInt32(0xe7), false, "no 512-bit registers"),
        (haswell.leaf7_ebx | 0x1_0000, 0xe7, false, "the foundation alone, as on Knights Landing"),
        (haswell.leaf7_ebx | wide, 0xe7, true, "x86-64-v4"),
        (haswell.leaf7_ebx | wide, 0x7, false, "the system does not save the registers"),
        (wide, 0xe7, false, "without the level below"),
    ])
    func wideKernelsNeedTheWholeLevel(leaf7: UInt32, xcr0: UInt32, isWide: Bool, reason: String) {
        var registers = Self.haswell
        (registers.leaf7_ebx, registers.xcr0) = (leaf7, xcr0)
        #expect(processor_has_avx512(registers) == isWide, "\(reason)")
    }

    @Test func thisMachineCanRunItsOwnTests() throws {
        try ProcessorCheck.run(read_processor_registers())
    }
}
#endif
