// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Shows a progress bar at the foot of a terminal on standard error, and nothing where that is no terminal.
///
/// `@unchecked Sendable` because the timer, which Dispatch lets any thread use, never changes.
final class ProgressDisplay: @unchecked Sendable {
    private let timer: (any DispatchSourceTimer)?
    private let queue = DispatchQueue(label: "faceserver.progress")

    /// - Parameter done: how much of the work is done; called ten times a second
    init(
        total: Int, isTerminal: Bool = isatty(STDERR_FILENO) == 1,
        write: @escaping @Sendable (String) -> Void = { StandardStream.error.write($0) },
        done: @escaping @Sendable () -> Int
    ) {
        guard isTerminal, total > 1 else {
            timer = nil
            return
        }
        let bar = ProgressBar(total: total)
        let began = ContinuousClock.now
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler {
            write("\r" + bar.line(done: done(), elapsed: ContinuousClock.now - began) + Self.clearsRestOfLine)
        }
        timer.schedule(deadline: .now(), repeating: .milliseconds(100))
        timer.resume()
        self.timer = timer
    }

    /// ECMA-48 section 8.3.41.
    static let clearsRestOfLine = "\u{1B}[K"

    /// Prints to standard output, which may be the same terminal.
    func print(_ line: String) {
        guard timer != nil else {
            StandardStream.output.write(line)
            return
        }
        queue.sync {
            StandardStream.error.write("\r" + Self.clearsRestOfLine)
            StandardStream.output.write(line)
        }
    }

    /// Removes the bar.
    func end() {
        guard let timer else { return }
        timer.cancel()
        queue.sync { StandardStream.error.write("\r" + Self.clearsRestOfLine) }
    }
}
