// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limit on open files, of this process and those that it starts.
public enum DescriptorLimit {
    /// Raises the soft limit to at least `count`. False where the hard limit forbids it.
    public static func raise(to count: Int) -> Bool {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else { return false }
        if limits.rlim_cur >= rlim_t(count) { return true }
        guard limits.rlim_max >= rlim_t(count) else { return false }
        limits.rlim_cur = rlim_t(count)
        return setrlimit(resource, &limits) == 0
    }
}
