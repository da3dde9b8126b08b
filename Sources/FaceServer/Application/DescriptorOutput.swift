// SPDX-License-Identifier: Apache-2.0

import Glibc

/// write(2) until all is written.
enum DescriptorOutput {
    /// Writes bytes, and keeps of them what the descriptor did not take.
    ///
    /// - Returns: 0 when all are written, otherwise the errno of what stopped it.
    static func write(_ bytes: inout ArraySlice<UInt8>, to descriptor: Int32) -> Int32 {
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }
}
