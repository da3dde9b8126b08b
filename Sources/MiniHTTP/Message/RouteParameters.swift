// SPDX-License-Identifier: Apache-2.0

/// What the parameters of a route pattern matched, percent-decoded.
public struct RouteParameters: Sendable, Equatable {
    private var values: [(name: String, value: String)] = []

    /// No parameters.
    public init() {}

    /// The text that `{name}` matched, which may be empty; nil when the pattern has no such parameter.
    public subscript(name: String) -> String? {
        get { values.first { $0.name == name }?.value }
        set {
            values.removeAll { $0.name == name }
            if let newValue {
                values.append((name, newValue))
            }
        }
    }

    /// Whether both hold the same names and values in the same order.
    public static func == (lhs: RouteParameters, rhs: RouteParameters) -> Bool {
        lhs.values.elementsEqual(rhs.values, by: ==)
    }
}
