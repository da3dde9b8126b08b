// SPDX-License-Identifier: Apache-2.0

/// Values by the parameters' names, as `ParameterParser` gives them.
typealias ParameterValues = [String: ParameterDeclaration.Value]

/// The value of a parameter; nil where it did not come.
extension ParameterValues {
    func integer(_ name: String) -> Int? {
        if case .integer(let number) = self[name] { number } else { nil }
    }

    func decimal(_ name: String) -> FixedDecimal? {
        if case .decimal(let number) = self[name] { number } else { nil }
    }

    func offset(_ name: String) -> PictureOffset? {
        if case .offset(let offset) = self[name] { offset } else { nil }
    }

    func word(_ name: String) -> String? {
        if case .choice(let word) = self[name] { word } else { nil }
    }

    func duration(_ name: String) -> Duration? {
        if case .duration(let duration) = self[name] { duration } else { nil }
    }

    func seeds(_ name: String) -> [UInt32]? {
        if case .seeds(let seeds) = self[name] { seeds } else { nil }
    }

    func flag(_ name: String) -> Bool? {
        if case .flag(let flag) = self[name] { flag } else { nil }
    }

    func layers(_ name: String) -> LayerSet? {
        if case .layers(let layers) = self[name] { layers } else { nil }
    }

    func edits(_ name: String) -> [FaceEdit]? {
        if case .edits(let edits) = self[name] { edits } else { nil }
    }

    func text(_ name: String) -> String? {
        if case .text(let text) = self[name] { text } else { nil }
    }
}
