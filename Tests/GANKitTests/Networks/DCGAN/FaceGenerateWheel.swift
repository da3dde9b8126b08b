// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The weights in the PyPI wheel gan-face-generate 1.1.1 (MIT), downloaded once per test process.
enum FaceGenerateWheel {
    /// Of `weights.tar`, a zip archive of `torch.save` in spite of its name.
    static let sha256 = "0c3b90b138cfc4e8a73310b9fd5ce2a8f1f3a542a037de277412307fcd28771f"

    /// The path of the file, or why there is none.
    static let weights = Result { try download() }

    /// Whether the test can run; says on standard output why it cannot.
    static var isAvailable: Bool {
        if case .failure(let reason) = weights {
            print("skipped: the DCGAN of gan-face-generate 1.1.1: \(reason)")
            return false
        }
        return true
    }

    private static let folder = TemporaryFolder()

    private struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    private static func download() throws -> String {
        _ = try folder.write("", to: "made")
        try run(
            "timeout", "60", "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--retries", "0", "--timeout", "10", "--dest", folder.path, "gan-face-generate==1.1.1")
        let wheel = folder.path + "/gan_face_generate-1.1.1-py3-none-any.whl"
        try run("python3", "-m", "zipfile", "-e", wheel, folder.path)
        return folder.path + "/gan_face_generate/weights.tar"
    }

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            throw Unavailable(
                description: "'\(command.joined(separator: " "))' exited with \(process.terminationStatus)"
                    + (lines.last.map { ": \($0)" } ?? ""))
        }
    }
}
