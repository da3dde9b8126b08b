// SPDX-License-Identifier: Apache-2.0

/// Checks the parameters of a request, from path and query alike, against declarations.
///
/// Every parameter that came is looked at: one that is unknown, repeated or empty is refused, never ignored,
/// because a mistyped name that is ignored gives the wrong face with no word about it.
struct ParameterParser: Sendable {
    /// For routes that take no parameters.
    static let none = ParameterParser([])

    let declarations: [ParameterDeclaration]

    init(_ declarations: [ParameterDeclaration]) {
        self.declarations = declarations
    }

    /// The values by parameter name. Parameters that did not come are absent.
    func parse(
        _ items: [(name: String, value: String)]
    ) throws(ParameterError) -> ParameterValues {
        var values: ParameterValues = [:]
        for item in items {
            guard let declaration = declarations.first(where: { $0.name == item.name }) else {
                throw unknown(item)
            }
            let count = items.count { $0.name == item.name }
            guard count == 1 else {
                let last = items.last { $0.name == item.name }
                throw declaration.error(last?.value, .repeated(count: count))
            }
            values[item.name] = try declaration.parse(item.value)
        }
        for declaration in declarations where declaration.isRequired && values[declaration.name] == nil {
            throw declaration.error(nil, .missing)
        }
        return values
    }

    private func unknown(_ item: (name: String, value: String)) -> ParameterError {
        let names = declarations.filter(\.isAvailable).map(\.name)
        return ParameterError(
            parameter: item.name,
            value: item.value,
            allowed: names.isEmpty ? "no parameters here" : "only " + names.joined(separator: ", "),
            reason: .unknown(suggestion: NearestName.of(item.name, among: names))
        )
    }
}
