// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `faceserver healthcheck`, for containers that hold no other HTTP client.
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Asks the server of this configuration whether it lives.",
        discussion: """
            Exits with 0 if GET /healthz is answered with 200 within three seconds, and with 1 otherwise.

            Example:
              faceserver healthcheck --port 9000
            """
    )

    @OptionGroup
    var options: ConfigurationOptions

    func run() async throws {
        let http = try await options.load().http
        try HealthProbe(address: ReachableAddress(host: http.host, port: http.port)).check()
    }
}
