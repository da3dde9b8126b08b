// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// The folder that several pictures go to.
struct FolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Folder for the pictures; made if it is not there.", valueName: "dir"),
        completion: .directory
    )
    var outdir: String

    /// - Throws: `CommandFailure` that names the folder.
    func make() throws -> URL {
        try OutputFolder.make(outdir)
    }
}
