// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files that lie in `Tests/Fixtures` as they are.
public enum FixtureFolder {
    /// The path of a file: `path("face-generator/model.ckpt.index")`.
    public static func path(_ relative: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(relative)").path
    }
}
