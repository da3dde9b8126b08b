// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

extension PickleDocument {
    /// The root as Python's `repr` prints it; what is nested deeper than 8 levels as an ellipsis.
    var repr: String { repr(root, depth: 0) }

    private func repr(_ value: PickleValue, depth: Int) -> String {
        guard depth < 8 else { return "..." }
        switch value {
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .int(let value): return String(value)
        case .bigInteger(let range): return "big \(hexadecimal(source.slice(range)))"
        case .double(let value): return String(value)
        case .string: return "'\(string(value) ?? "?")'"
        case .bytes(let range): return "b'\(hexadecimal(source.slice(range)))'"
        case .latin1(let range): return "b'\((try? hexadecimal(Latin1.encode(source.slice(range)))) ?? "?")'"
        case .global(let global): return "<\(global)>"
        case .node(let index):
            let node = nodes[index]
            let elements = node.elements.map { repr($0, depth: depth + 1) }
            switch node.kind {
            case .tuple: return "(\(elements.joined(separator: ", "))\(elements.count == 1 ? "," : ""))"
            case .list: return "[\(elements.joined(separator: ", "))]"
            case .set: return "{\(elements.isEmpty ? "-" : elements.joined(separator: ", "))}"
            case .dictionary:
                let members = stride(from: 0, to: elements.count, by: 2).map { "\(elements[$0]): \(elements[$0 + 1])" }
                return "{\(members.joined(separator: ", "))}"
            case .object(let global):
                let state = node.state.map { " with \(repr($0, depth: depth + 1))" } ?? ""
                return "\(global)(\(elements.joined(separator: ", ")))\(state)"
            case .persistentID: return "persistent(\(elements.joined()))"
            }
        }
    }

    private func hexadecimal(_ view: ByteView) -> String {
        view.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
