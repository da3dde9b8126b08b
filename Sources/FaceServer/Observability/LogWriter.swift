// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor from a queue of its own, so that nobody who logs waits for whoever reads the log.
///
/// Lines come out whole and in their order. Those that wait take `maxPendingBytes` at most: a line for which there is no
/// room is lost, and once the reader takes lines again, the next one tells how many were. A descriptor that is closed, or
/// whose reader is gone, loses lines too; SIGPIPE has to be ignored.
///
/// `@unchecked Sendable` because `spare` is touched on `queue` alone, and all else is behind a lock or constant.
final class LogWriter: @unchecked Sendable {
    private struct State {
        var pending: [UInt8] = []
        var pendingLines = 0
        /// Since it was last told how many.
        var lost = 0
        var isDraining = false
    }

    private let descriptor: Int32
    private let maxPendingBytes: Int
    private let notice: @Sendable (Int) -> String
    private let queue = DispatchQueue(label: "faceserver.log", qos: .utility)
    private let state = Mutex(State())
    private let lost = Atomic(0)
    /// What was written last, to be filled anew.
    private var spare: [UInt8] = []

    /// - Parameters:
    ///   - descriptor: stays open, and open here.
    ///   - notice: the line that tells how many were lost.
    init(descriptor: Int32, maxPendingBytes: Int = 1 << 20, notice: @escaping @Sendable (Int) -> String) {
        self.descriptor = descriptor
        self.maxPendingBytes = maxPendingBytes
        self.notice = notice
    }

    /// How many lines were lost since the start.
    var lostLines: Int { lost.load(ordering: .relaxed) }

    /// Has a line written that ends with its line feed, soon.
    func write(_ line: String) {
        let begins = state.withLock { state in
            guard state.pending.count + line.utf8.count <= maxPendingBytes else {
                state.lost += 1
                lost.wrappingAdd(1, ordering: .relaxed)
                return false
            }
            state.pending.append(contentsOf: line.utf8)
            state.pendingLines += 1
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if begins {
            queue.async { self.drain() }
        }
    }

    /// Waits until all lines are written that were handed in before, but no longer than `timeout`.
    func flush(timeout: DispatchTimeInterval) {
        let everything = DispatchGroup()
        queue.async(group: everything) {}
        _ = everything.wait(timeout: .now() + timeout)
    }

    private func drain() {
        while let (lines, lost) = takePending() {
            if !put(spare) {
                self.lost.wrappingAdd(lines, ordering: .relaxed)
            } else if lost > 0 {
                _ = put(Array(notice(lost).utf8))
            }
        }
    }

    /// Moves what waits to `spare`. Nil when nothing does: then the next line starts the queue again.
    private func takePending() -> (lines: Int, lost: Int)? {
        spare.removeAll(keepingCapacity: true)
        return state.withLock { state in
            guard !state.pending.isEmpty else {
                state.isDraining = false
                return nil
            }
            swap(&spare, &state.pending)
            defer { (state.pendingLines, state.lost) = (0, 0) }
            return (state.pendingLines, state.lost)
        }
    }

    /// Whether the descriptor took all of it.
    private func put(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while true {
            let code = DescriptorOutput.write(&rest, to: descriptor)
            guard code == EAGAIN else { return code == 0 }
            // Somebody who shares the descriptor does not want to be held up by it.
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&waiting, 1, -1)
        }
    }
}
