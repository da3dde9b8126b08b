// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// `faceserver sign`
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs a URL with the first of access.signingKeys.",
        discussion: """
            Example:
              faceserver sign '/faces/42.png?truncation=0.7' --expires 1h --config faceserver.yaml
            """
    )

    @Argument(help: "Path and query of the URL.")
    var target: String

    @Option(help: ArgumentHelp("How long it shall be good; for ever if left out.", valueName: "duration"))
    var expires: String?

    @OptionGroup
    var options: ConfigurationOptions

    func run() async throws {
        let keys = try await options.load().access.signingKeys
        let url = try Self.signed(target, expires: expires, keys: keys, now: Int(Date().timeIntervalSince1970))
        StandardStream.output.write(url + "\n")
    }

    /// - Parameter now: seconds since the epoch.
    static func signed(_ target: String, expires: String?, keys: [URLSigningKey], now: Int) throws -> String {
        guard !keys.isEmpty else {
            throw CommandFailure("access.signingKeys is empty, so there is nothing to sign with; see 'faceserver key'")
        }
        var time: Int?
        if let expires {
            guard let duration = DurationText.parse(expires), duration > .zero else {
                throw CommandFailure("--expires is '\(expires)', expected a duration such as 30m, 1h or 90s")
            }
            time = now + Int((duration / .seconds(1)).rounded(.up))
        }
        guard let url = URLSigner(keys: keys).sign(target, expires: time) else {
            throw CommandFailure(
                "'\(target)' cannot be signed: expected a path and query, such as /faces/42.png?truncation=0.7, "
                    + "without the parameters expires and signature")
        }
        return url
    }
}
