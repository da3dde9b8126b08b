// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The built program as a process of its own: for what only a process can show, such as signals and exit statuses.
///
/// `@unchecked Sendable` because a test uses it from one task at a time.
public final class ServerProcess: @unchecked Sendable {
    /// How a process ended.
    public enum Exit: Equatable, Sendable {
        /// With this status.
        case status(Int32)
        /// Killed by this signal.
        case signal(Int32)
    }

    private let process = Process()
    private let output = Pipe()
    private let errorFile: URL

    /// The program that the package manager has built beside the tests.
    public static var executable: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("faceserver").path
        }
    }

    /// Starts `faceserver` with these arguments, or through `sh -c` with `prelude` before it.
    public init(_ arguments: [String], prelude: String? = nil, folder: TemporaryFolder) throws {
        errorFile = URL(fileURLWithPath: try folder.write("", to: "stderr-\(UUID().uuidString)"))
        let program = try Self.executable
        if let prelude {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", prelude + "; exec \"$0\" \"$@\"", program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        }
        process.environment = ["PATH": "/usr/bin:/bin"]
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    deinit {
        if process.isRunning {
            Glibc.kill(process.processIdentifier, SIGKILL)
        }
    }

    /// Waits until the server says where it listens, and returns the port; nil when it ends before.
    public func port() throws -> Int? {
        var text = ""
        while !text.contains("\n"), let data = try output.fileHandleForReading.read(upToCount: 1), !data.isEmpty {
            text += String(decoding: data, as: UTF8.self)
        }
        return text.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// The memory that it has in use, `VmRSS` of proc(5), in bytes; nil once it has ended.
    public func residentBytes() throws -> Int? {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// Sends a signal.
    public func send(_ signal: Int32) {
        Glibc.kill(process.processIdentifier, signal)
    }

    /// Waits for the end.
    public func waitForExit() -> Exit {
        process.waitUntilExit()
        return process.terminationReason == .exit
            ? .status(process.terminationStatus) : .signal(process.terminationStatus)
    }

    /// What was written to standard error so far.
    public func errorText() throws -> String {
        try String(contentsOf: errorFile, encoding: .utf8)
    }
}
