// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CMalloc
import Glibc
import Logging
import MiniHTTP

/// `faceserver serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves faces over HTTP.",
        discussion: """
            Every setting can come from a flag, from the environment (http.port is FACESERVER_HTTP_PORT), or from a \
            YAML file; the first of these that has it wins.

            Examples:
              faceserver serve
              faceserver serve --host 0.0.0.0 --port 80 --model ffhq.pkl
            """
    )

    @OptionGroup
    var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await options.load()
        // With an arena for each of some threads, what one of them frees is of no use to the others, and memory grows by half
        // within a minute of many clients.
        mallopt(M_ARENA_MAX, 1)
        // Whoever reads the log, or what is announced, may leave.
        signal(SIGPIPE, SIG_IGN)
        let log = ProgramLog.server(level: configuration.logLevel, format: configuration.logFormat)
        defer { log.writer.flush(timeout: .seconds(1)) }
        let application = try buildApplication(
            configuration: configuration, logger: log.logger, lostLogLines: { log.writer.lostLines },
            announce: Self.announce)
        try await application.run()
    }

    /// Tells on standard output where the server is and what to try first.
    private static func announce(_ address: SocketAddress) {
        let url = "http://\(ReachableAddress(host: address.host, port: address.port))"
        StandardStream.output.write(
            """
            FaceServer \(BuildInformation.version) listens on \(url)
            curl -o face.png '\(url)/faces/42.png?truncation=0.7'

            """
        )
    }
}
