// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instructions that Swift has no words for.

/// Sixteen numbers, as Swift's `SIMD16<Float>`.
typedef float sixteen_floats __attribute__((ext_vector_type(16)));
typedef float eight_floats __attribute__((ext_vector_type(8)));
typedef float four_floats __attribute__((ext_vector_type(4)));

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

/// The sums of the elements of four, each in the same order: halves are added to each other until one element is left.
static inline __attribute__((always_inline)) four_floats totals(
    sixteen_floats a, sixteen_floats b, sixteen_floats c, sixteen_floats d) {
    sixteen_floats ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
        + __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    sixteen_floats cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
        + __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    sixteen_floats fours = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
        + __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    eight_floats twos = __builtin_shufflevector(fours, fours, 0, 1, 4, 5, 8, 9, 12, 13)
        + __builtin_shufflevector(fours, fours, 2, 3, 6, 7, 10, 11, 14, 15);
    return __builtin_shufflevector(twos, twos, 0, 2, 4, 6) + __builtin_shufflevector(twos, twos, 1, 3, 5, 7);
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
