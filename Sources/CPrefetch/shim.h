// SPDX-License-Identifier: Apache-2.0
#pragma once

// Swift has no prefetch of its own.

/// Asks for the cache line of an address, which need not be valid, and does not wait for it.
static inline void prefetch_to_second_level(const void *address) {
    __builtin_prefetch(address, 0, 2);
}
