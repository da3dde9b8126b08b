// SPDX-License-Identifier: Apache-2.0

import CBuildRevision

/// What this build is.
enum BuildInformation {
    static let version = "0.1.0"
    /// What `git describe --always --dirty` said when `make build` ran, or "unknown".
    static let revision = String(cString: faceserver_build_revision())
    /// For people: "0.1.0 (1415b38)".
    static let description = "\(version) (\(revision))"
}
