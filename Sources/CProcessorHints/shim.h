// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instructions that Swift has no words for.

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
