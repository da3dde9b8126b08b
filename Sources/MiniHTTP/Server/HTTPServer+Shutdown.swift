// SPDX-License-Identifier: Apache-2.0

import Dispatch

extension HTTPServer {
    /// Stops accepting, answers the requests in flight with `Connection: close`, closes idle connections at once, and
    /// closes the rest when `grace` is over. Returns when everything is closed. A second call can only shorten the
    /// grace of the first.
    public func shutdownGracefully(within grace: Duration) async {
        let previous = lifecycle.withLock { lifecycle in
            let previous = lifecycle.state
            switch previous {
            case .idle, .starting: lifecycle.state = .stopped
            case .running(_, let address, let loops): lifecycle.state = .draining(address, loops)
            case .draining, .stopped: break
            }
            return previous
        }
        switch previous {
        case .idle, .starting, .stopped: return
        case .draining(_, let loops):
            await closeConnections(of: loops, within: grace)
            await waitUntilStopped()
        case .running(let listener, _, let loops):
            await withCheckedContinuation { continuation in
                listener.stop { continuation.resume() }
            }
            for loop in loops {
                loop.forEachConnection { $0.shutdown() }
            }
            await closeConnections(of: loops, within: grace)
            for loop in loops {
                loop.stop()
            }
            finish()
        }
    }

    private func closeConnections(of loops: [EventLoop], within grace: Duration) async {
        await waitForConnections(atMost: grace)
        for loop in loops {
            loop.forEachConnection { $0.abort() }
        }
        await waitForConnections(atMost: nil)
    }

    private func finish() {
        let waiters = lifecycle.withLock { lifecycle in
            lifecycle.state = .stopped
            defer { lifecycle.waiters = [] }
            return lifecycle.waiters
        }
        logger.info("stopped")
        for waiter in waiters {
            waiter.resume()
        }
    }

    func waitUntilStopped() async {
        await withCheckedContinuation { continuation in
            let isStopped = lifecycle.withLock { lifecycle in
                if case .stopped = lifecycle.state { return true }
                lifecycle.waiters.append(continuation)
                return false
            }
            if isStopped {
                continuation.resume()
            }
        }
    }

    private func waitForConnections(atMost limit: Duration?) async {
        await withCheckedContinuation { continuation in
            let once = ResumeOnce(continuation)
            connections.notify(queue: acceptQueue) { once.resume() }
            if let limit {
                let nanoseconds = min(limit, .seconds(1_000_000)) / .nanoseconds(1)
                acceptQueue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { once.resume() }
            }
        }
    }
}
