// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instructions that Swift has no words for.

/// Sixteen numbers, as Swift's `SIMD16<Float>`.
typedef float sixteen_floats __attribute__((ext_vector_type(16)));

/// `a b + c` of each element, rounded once. Swift's own `addingProduct` goes through the elements one by one, which the
/// optimizer puts together again, sometimes into halves of a register.
static inline __attribute__((always_inline)) sixteen_floats fused_multiply_add(
    sixteen_floats a, sixteen_floats b, sixteen_floats c) {
    return __builtin_elementwise_fma(a, b, c);
}

/// The lesser of each two elements, `b` where one is NaN.
static inline __attribute__((always_inline)) sixteen_floats lesser(sixteen_floats a, sixteen_floats b) {
    return a < b ? a : b;
}

/// The greater of each two elements, `b` where one is NaN.
static inline __attribute__((always_inline)) sixteen_floats greater(sixteen_floats a, sixteen_floats b) {
    return a > b ? a : b;
}

/// Asks for the cache line of an address, which need not be valid, and does not wait for it.
static inline void prefetch_to_second_level(const void *address) {
    __builtin_prefetch(address, 0, 2);
}

/// Tells the processor that the thread waits in a loop.
static inline void relax_processor(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
