// SPDX-License-Identifier: Apache-2.0

#if THREAD_SANITIZER
import Glibc

/// Takes the place of `Synchronization.Mutex` in `make test-tsan`. The sanitizer does not see locks of a library that was
/// built without it, and would take all that they guard for races; those of pthread it knows.
///
/// `@unchecked Sendable` because `value` is touched only within the lock.
final class Mutex<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ value: sending Value) {
        self.value = value
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
#endif
