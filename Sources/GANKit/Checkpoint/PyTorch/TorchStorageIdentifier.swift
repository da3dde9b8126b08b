// SPDX-License-Identifier: Apache-2.0

/// The persistent ID of a storage: ('storage', torch.FloatStorage, key, location, element count, view). The location
/// ("cpu", "cuda:0") does not matter here. The last field is missing since PyTorch 1.6.
struct TorchStorageIdentifier: Sendable, Equatable {
    let elementType: ElementType
    let key: String
    let elementCount: Int

    init(_ value: PickleValue, in document: PickleDocument) throws {
        guard let node = document.node(value), node.kind == .persistentID,
            let fields = document.sequence(node.elements.first), fields.count >= 5,
            document.isText(fields[0], "storage"),
            case .global(.torchStorageType(let type)) = fields[1],
            let key = document.string(fields[2]),
            let count = document.integer(fields[4]), count >= 0
        else {
            throw CheckpointError.malformed(detail: "its storage has no valid persistent ID")
        }
        guard fields.count == 5 || fields[5] == .none else {
            throw CheckpointError.unsupported(detail: "its storage is a view of another storage")
        }
        elementType = type
        self.key = key
        elementCount = count
    }

    /// The bytes that the elements take, or nil when no `Int` holds as many.
    var byteCount: Int? {
        let (size, overflow) = elementCount.multipliedReportingOverflow(by: elementType.byteCount)
        return overflow ? nil : size
    }
}
