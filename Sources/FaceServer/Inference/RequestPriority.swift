// SPDX-License-Identifier: Apache-2.0

/// How urgent a request is.
enum RequestPriority: String, CaseIterable, Sendable {
    /// Somebody looks at the screen.
    case interactive
    /// Work in the background, which gives way to interactive requests.
    case bulk
}
