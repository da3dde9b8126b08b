// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a command tells the one who started it.
enum StandardStream {
    case output
    case error

    /// Writes at once. A stream that is closed, or whose reader is gone, is no reason to fail.
    func write(_ text: String) {
        let handle: FileHandle =
            switch self {
            case .output: .standardOutput
            case .error: .standardError
            }
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
