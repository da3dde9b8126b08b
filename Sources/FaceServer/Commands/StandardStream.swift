// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a command tells the one who started it.
enum StandardStream {
    case output
    case error

    /// Writes at once. A stream that is closed, or whose reader is gone, is no reason to fail.
    func write(_ text: String) {
        let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
        var rest = Array(text.utf8)[...]
        _ = DescriptorOutput.write(&rest, to: descriptor)
    }

    /// Opens /dev/null in place of the standard streams that are closed. Otherwise the next file or connection would get
    /// the number, and with it what is written there.
    static func fillGaps() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free, which is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }
}
