// SPDX-License-Identifier: Apache-2.0

extension CheckpointError {
    /// Puts the name of a tensor before what is wrong with it.
    static func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch CheckpointError.malformed(let detail) {
            throw CheckpointError.malformed(detail: "tensor \(name.quoted): \(detail)")
        } catch CheckpointError.refused(let detail) {
            throw CheckpointError.refused(detail: "tensor \(name.quoted): \(detail)")
        } catch CheckpointError.unsupported(let detail) {
            throw CheckpointError.unsupported(detail: "tensor \(name.quoted): \(detail)")
        }
    }
}
