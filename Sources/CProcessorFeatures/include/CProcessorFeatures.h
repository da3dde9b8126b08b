// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdbool.h>
#include <stdint.h>

// What the processor and the operating system on it can run. Of C, and compiled for any processor, because Swift code that
// is compiled for newer ones must not run before it is known.

/// What an x86-64 processor says of itself; zero on other architectures.
struct processor_registers {
    /// ECX of CPUID's leaf 1.
    uint32_t leaf1_ecx;
    /// EBX of leaf 7, subleaf 0.
    uint32_t leaf7_ebx;
    /// ECX of leaf 0x80000001.
    uint32_t extended_ecx;
    /// The registers that the operating system saves: XCR0.
    uint32_t xcr0;
};

/// Those of this machine.
struct processor_registers read_processor_registers(void);

/// The number of instruction sets that the level x86-64-v3 is looked through for.
enum { processor_needed_count = 8 };

/// Writes the names of the instruction sets of x86-64-v3 that a machine lacks, at most `processor_needed_count`, and returns
/// their number; 0 on other architectures.
int processor_missing_sets(struct processor_registers registers, const char *_Nullable *_Nonnull names);

/// Whether 512-bit instructions of x86-64-v4 may run.
bool processor_has_avx512(struct processor_registers registers);
