// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Finds the files that come with the program.
///
/// `Bundle.module` is not used: it traps when the bundle is missing, remembers the folder that the program was built in,
/// and needs all of Foundation.
struct ResourceLocator: Sendable {
    /// The folders that are searched, in order.
    let folders: [String]

    /// Searches where the package manager puts resources, beside the executable, and then where an installation
    /// keeps them, in `../share/faceserver`.
    init(executable: String = ResourceLocator.executablePath) {
        let folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
        folders = [
            folder.appendingPathComponent("faceserver_FaceServerResources.resources").path,
            folder.deletingLastPathComponent().appendingPathComponent("share/faceserver").path,
        ]
    }

    /// The path of a resource such as "Models/faces-64.safetensors".
    ///
    /// - Throws: `CommandFailure` that says where the file was looked for.
    func path(of resource: String) throws -> String {
        for folder in folders {
            let path = folder + "/" + resource
            if FileManager.default.isReadableFile(atPath: path) {
                return path
            }
        }
        throw CommandFailure("\(resource) is in neither \(folders.joined(separator: " nor "))")
    }

    /// The running program's file, with links resolved: `argv[0]` may be a bare name.
    static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
