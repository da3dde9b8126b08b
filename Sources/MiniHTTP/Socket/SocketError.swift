// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A socket call that failed.
public struct SocketError: Error, Equatable, CustomStringConvertible {
    /// What was tried: `cannot listen on 127.0.0.1:8080`.
    public let operation: String
    /// The system's error number; 0 when the reason is not the kernel's.
    public let code: Int32
    /// The system's words for the error: `Address already in use`.
    public let reason: String

    /// Makes an error from `errno`.
    init(_ operation: String, errno code: Int32) {
        self.operation = operation
        self.code = code
        reason = String(cString: strerror(code))
    }

    /// Makes an error for a reason that has no error number, such as a failed name lookup.
    init(_ operation: String, reason: String) {
        self.operation = operation
        code = 0
        self.reason = reason
    }

    /// `cannot listen on 127.0.0.1:8080: Address already in use`
    public var description: String { "\(operation): \(reason)" }
}
