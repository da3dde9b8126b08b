// SPDX-License-Identifier: Apache-2.0

#include "CProcessorFeatures.h"

#if defined(__x86_64__)
#include <cpuid.h>

// XCR0: the SSE and AVX state; of AVX-512 the mask registers, the upper halves and the upper sixteen registers.
enum { xcr0_avx = 0x6, xcr0_avx512 = 0xe6 };

// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A, CPUID.
enum { leaf1_fma = 1 << 12, leaf1_movbe = 1 << 22, leaf1_osxsave = 1 << 27, leaf1_avx = 1 << 28, leaf1_f16c = 1 << 29 };
enum { leaf7_bmi1 = 1 << 3, leaf7_avx2 = 1 << 5, leaf7_bmi2 = 1 << 8 };
enum { extended_lzcnt = 1 << 5 };
static const uint32_t leaf7_avx512 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;  // F, DQ, CD, BW, VL

struct processor_registers read_processor_registers(void) {
    struct processor_registers result = {0};
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
        result.leaf1_ecx = c;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        result.leaf7_ebx = b;
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
        result.extended_ecx = c;
    }
    if (result.leaf1_ecx & leaf1_osxsave) {
        uint32_t low, high;
        __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        result.xcr0 = low;
    }
    return result;
}

int processor_missing_sets(struct processor_registers registers, const char *_Nullable *_Nonnull names) {
    bool saves_avx = (registers.xcr0 & xcr0_avx) == xcr0_avx;
    const struct {
        const char *name;
        bool present;
    } needed[processor_needed_count] = {
        {"avx", saves_avx && registers.leaf1_ecx & leaf1_avx},
        {"avx2", saves_avx && registers.leaf7_ebx & leaf7_avx2},
        {"bmi1", registers.leaf7_ebx & leaf7_bmi1},
        {"bmi2", registers.leaf7_ebx & leaf7_bmi2},
        {"f16c", saves_avx && registers.leaf1_ecx & leaf1_f16c},
        {"fma", saves_avx && registers.leaf1_ecx & leaf1_fma},
        {"lzcnt", registers.extended_ecx & extended_lzcnt},
        {"movbe", registers.leaf1_ecx & leaf1_movbe},
    };
    int count = 0;
    for (int index = 0; index < processor_needed_count; index++) {
        if (!needed[index].present) {
            names[count++] = needed[index].name;
        }
    }
    return count;
}

bool processor_has_avx512(struct processor_registers registers) {
    const char *names[processor_needed_count];
    return processor_missing_sets(registers, names) == 0 && (registers.xcr0 & xcr0_avx512) == xcr0_avx512
        && (registers.leaf7_ebx & leaf7_avx512) == leaf7_avx512;
}
#else
struct processor_registers read_processor_registers(void) {
    return (struct processor_registers){0};
}

int processor_missing_sets(struct processor_registers registers, const char *_Nullable *_Nonnull names) {
    return 0;
}

bool processor_has_avx512(struct processor_registers registers) {
    return false;
}
#endif
