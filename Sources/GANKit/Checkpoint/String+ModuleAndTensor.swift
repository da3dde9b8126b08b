// SPDX-License-Identifier: Apache-2.0

extension String {
    /// A tensor's name cut at its last point: "synthesis.b4.conv1" and "weight". The module is empty where there is none.
    var moduleAndTensor: (module: String, tensor: String) {
        guard let end = lastIndex(of: ".") else { return ("", self) }
        return (String(self[..<end]), String(self[index(after: end)...]))
    }
}
