// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension FaceServer {
    /// Runs a parsed command. Whatever it fails with becomes a `CommandFailure`, except what ArgumentParser words.
    static func run(_ command: inout any ParsableCommand) async throws {
        do {
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch let error as CommandFailure {
            throw error
        } catch let error as ExitCode {
            throw error
        } catch let error as CleanExit {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch {
            throw CommandFailure(String(describing: error))
        }
    }
}
