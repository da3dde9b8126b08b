// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What the processor, and the operating system on it, can run.
public struct CPUFeatures: Sendable {
    /// Of this machine.
    public static let current = CPUFeatures(
        cpuInfo: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")

    /// The flags of x86-64-v3 that Linux lists and that GANKit's code is compiled for.
    private static let needed = ["avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"]
    /// Those of x86-64-v4 beyond v3.
    private static let neededForAVX512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]

    /// Instructions that GANKit needs and this machine lacks; empty on other architectures than x86-64.
    public let missing: [String]
    /// Whether the 512-bit kernels may run.
    let hasAVX512: Bool

    /// What a machine can run.
    ///
    /// - Parameter cpuInfo: the text of `/proc/cpuinfo`
    public init(cpuInfo: String) {
        #if arch(x86_64)
        let line = cpuInfo.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let flags = Set(line.split(separator: " "))
        missing = Self.needed.filter { !flags.contains(Substring($0)) }
        hasAVX512 = missing.isEmpty && Self.neededForAVX512.allSatisfy { flags.contains(Substring($0)) }
        #else
        missing = []
        hasAVX512 = false
        #endif
    }
}
