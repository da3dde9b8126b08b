// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread that nobody waits for.
enum DetachedThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own, or not at all where the system has no thread left.
    ///
    /// - Parameter name: what debuggers show, 15 bytes at most
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                if let pointer {
                    let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
                    DetachedThread.name(start.name)
                    start.body()
                }
                return nil
            }, start.toOpaque())
        if code != 0 {
            start.release()
        }
    }

    /// Swift's Glibc module has no `pthread_setname_np`, so proc(5) does it. Failure means nothing.
    private static func name(_ name: String) {
        if let file = fopen("/proc/thread-self/comm", "w") {
            fputs(name, file)
            fclose(file)
        }
    }
}
