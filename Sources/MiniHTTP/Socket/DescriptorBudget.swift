// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many of the process's descriptors connections may take.
///
/// Running out is worse than turning connections away: libdispatch opens a file of `/proc` once a second to watch its
/// threads, and traps when it cannot. So some are always left for it and for the rest of the process.
struct DescriptorBudget: Equatable {
    /// Descriptors that connections leave to others, where the limit allows it.
    private static let reserve = 64

    /// The most connections that fit.
    let maxConnections: Int
    /// A new connection with this descriptor or a higher one, since the kernel gives out the lowest that is free,
    /// shows that other parts of the process have eaten up the reserve.
    let firstRefusedDescriptor: Int

    /// - softLimit: the limit on open descriptors, that is, one more than the highest descriptor.
    init(wanted: Int, softLimit: Int) {
        let reserve = min(Self.reserve, softLimit / 2)
        maxConnections = min(wanted, softLimit - reserve)
        firstRefusedDescriptor = softLimit - reserve / 4
    }

    /// Raises the process's soft limit as far as `wanted` connections need and the hard limit allows.
    static func obtain(wanted: Int) -> DescriptorBudget {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else {
            return DescriptorBudget(wanted: wanted, softLimit: 1024)
        }
        let needed = rlim_t(clamping: wanted) + rlim_t(reserve)
        if limits.rlim_cur < needed, limits.rlim_cur < limits.rlim_max {
            var raised = limits
            raised.rlim_cur = min(needed, limits.rlim_max)
            if setrlimit(resource, &raised) == 0 {
                limits = raised
            }
        }
        return DescriptorBudget(wanted: wanted, softLimit: Int(clamping: limits.rlim_cur))
    }
}
