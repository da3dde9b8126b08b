// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The reference fixtures of `Tests/Fixtures/golden.tar.xz`.
///
/// `FACESERVER_GOLDEN` names a folder with the complete, unpacked set to use in place of the archive.
public enum GoldenArchive {
    private static let archive = FixtureArchive(
        "golden", unpacked: ProcessInfo.processInfo.environment["FACESERVER_GOLDEN"])

    /// The path of a file in the archive: `path("ada-a-32/network.pkl")`.
    public static func path(_ relative: String) throws -> String {
        try archive.path(relative)
    }
}
