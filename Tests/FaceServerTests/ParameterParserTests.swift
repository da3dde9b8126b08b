// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ParameterParserTests {
    private let parser = ParameterParser(FaceParameters.declarations(for: .sample))

    struct Refusal: Sendable, CustomTestStringConvertible {
        let query: [String]
        let parameter: String
        let value: String?
        let expected: ParameterError.Reason
        let reason: String

        init(
            _ query: [String], _ parameter: String, _ value: String?, _ expected: ParameterError.Reason,
            _ reason: String
        ) {
            (self.query, self.parameter, self.value, self.expected, self.reason) =
                (query, parameter, value, expected, reason)
        }

        var testDescription: String { "\(query): \(reason)" }

        /// "seed=1" as name and value.
        var items: [(name: String, value: String)] {
            query.map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
            }
        }
    }

    static let integer = ParameterError.Reason.malformed(expected: "an integer")
    static let decimal = ParameterError.Reason.malformed(expected: "a plain decimal number")
    static let word = ParameterError.Reason.malformed(expected: "a known word")

    @Test(arguments: [
        Refusal([], "seed", nil, .missing, "the seed is required"),
        Refusal(["seed="], "seed", nil, .missing, "a name without a value"),
        Refusal(["seed=abc"], "seed", "abc", integer, "letters"),
        Refusal(["seed=-1"], "seed", "-1", integer, "seeds have no sign"),
        Refusal(["seed=+1"], "seed", "+1", integer, "not even this one"),
        Refusal(["seed=1.0"], "seed", "1.0", integer, "a whole number, but not an integer's form"),
        Refusal(["seed=0x10"], "seed", "0x10", integer, "hexadecimal"),
        Refusal(["seed=٣"], "seed", "٣", integer, "a digit that Int would not read either"),
        Refusal(["seed=4294967296"], "seed", "4294967296", .outOfRange, "one past 32 bits"),
        Refusal(
            ["seed=99999999999999999999"], "seed", "99999999999999999999", .outOfRange,
            "past 64 bits is too large, not malformed"),
        Refusal(["seed=1", "seed=1"], "seed", "1", .repeated(count: 2), "twice the same is still twice"),
        Refusal(["seed=1", "truncation=nan"], "truncation", "nan", decimal, "NaN"),
        Refusal(["seed=1", "truncation=inf"], "truncation", "inf", decimal, "infinity"),
        Refusal(["seed=1", "truncation=7e-1"], "truncation", "7e-1", decimal, "exponent"),
        Refusal(["seed=1", "truncation="], "truncation", nil, .missing, "no value is not the default"),
        Refusal(["seed=1", "truncation=2.000001"], "truncation", "2.000001", .outOfRange, "just above"),
        Refusal(["seed=1", "truncation=-2.000001"], "truncation", "-2.000001", .outOfRange, "just below"),
        Refusal(["seed=1", "noise=loud"], "noise", "loud", word, "no such mode"),
        Refusal(["seed=1", "noise=Const"], "noise", "Const", word, "case counts, or one face had two URLs"),
        Refusal(["seed=1", "size=15"], "size", "15", .outOfRange, "smaller than an icon"),
        Refusal(["seed=1", "size=129"], "size", "129", .outOfRange, "more than twice the resolution"),
        Refusal(["seed=1", "cutoff=11"], "cutoff", "11", .outOfRange, "more layers than there are"),
        Refusal(["seed=1", "class=0"], "class", "0", .unavailable, "the model has no classes"),
        Refusal(
            ["seed=1", "trunc=0.7"], "trunc", "0.7", .unknown(suggestion: "truncation"), "a name of another program"),
        Refusal(["seed=1", "colour=red"], "colour", "red", .unknown(suggestion: nil), "nothing is like it"),
        Refusal(["seed=1", "=x"], "", "x", .unknown(suggestion: nil), "a value without a name"),
    ])
    func badParameterIsNamed(_ row: Refusal) {
        let error = #expect(throws: ParameterError.self, "\(row.reason)") { try parser.parse(row.items) }
        #expect(error?.parameter == row.parameter, "\(row.reason)")
        #expect(error?.value == row.value, "\(row.reason)")
        #expect(error?.reason == row.expected, "\(row.reason)")
    }

    @Test(arguments: [
        ("translate", "1", "which is not two plain decimal numbers with a comma between them"),
        ("translate", "1,2,3", "which is not two plain decimal numbers with a comma between them"),
        ("translate", "1,", "which is not two plain decimal numbers with a comma between them"),
        ("translate", "1, 2", "which is not two plain decimal numbers with a comma between them"),
        ("translate", "nan,0", "which is not two plain decimal numbers with a comma between them"),
        ("translate", "0,10.000001", "which is out of range"),
        ("rotate", "1e2", "which is not a plain decimal number"),
        ("rotate", "360.5", "which is out of range"),
    ])
    func badTransformIsNamed(parameter: String, value: String, problem: String) {
        var traits = ModelTraits.sample
        traits.hasTransform = true
        let parser = ParameterParser(FaceParameters.declarations(for: traits))
        let error = #expect(throws: ParameterError.self) {
            try parser.parse([(name: "seed", value: "1"), (name: parameter, value: value)])
        }
        let allowed =
            parameter == "rotate"
            ? "a decimal number from -360 to 360, such as 0.7"
            : "two decimal numbers from -10 to 10, such as 0.3,-0.1"
        #expect(error?.description == "Parameter '\(parameter)' is '\(value)', \(problem): expected \(allowed).")
    }

    @Test func modelSaysWhatItCannotDo() {
        var traits = ModelTraits.sample
        traits.hasNoise = false
        let parser = ParameterParser(FaceParameters.declarations(for: traits))
        for (name, value, because) in [
            ("noise", "none", "this model has no noise"),
            ("translate", "0,0", "only StyleGAN3 models move and turn their pictures"),
            ("rotate", "0", "only StyleGAN3 models move and turn their pictures"),
        ] {
            let error = #expect(throws: ParameterError.self) {
                try parser.parse([(name: "seed", value: "1"), (name: name, value: value)])
            }
            #expect(
                error?.description
                    == "Parameter '\(name)' is '\(value)': expected no such parameter, because \(because).")
        }
    }

    @Test func conditionalModelDemandsItsClass() {
        var traits = ModelTraits.sample
        traits.classCount = 10
        let parser = ParameterParser(FaceParameters.declarations(for: traits))
        let error = #expect(throws: ParameterError.self) { try parser.parse([(name: "seed", value: "1")]) }
        #expect(error?.description == "Parameter 'class' is missing: expected an integer from 0 to 9.")
    }

    @Test(arguments: [
        (["seed": "x"], "Parameter 'seed' is 'x', which is not an integer: expected an integer from 0 to 4294967295."),
        (
            ["seed": "1", "truncation": "3"],
            "Parameter 'truncation' is '3', which is out of range: expected a decimal number from -2 to 2, such as 0.7."
        ),
        (["seed": "1", "sise": "3"], "Parameter 'sise' is unknown: did you mean 'size'?"),
        (
            ["seed": "1", "class": "3"],
            "Parameter 'class' is '3': expected no such parameter, because this model has no classes."
        ),
    ])
    func messageIsOneSentence(query: [String: String], message: String) {
        let error = #expect(throws: ParameterError.self) {
            try parser.parse(query.map { (name: $0.key, value: $0.value) })
        }
        #expect(error?.description == message)
    }

    @Test func messageCutsHostileValues() {
        let long = String(repeating: "9", count: 8000)
        let error = #expect(throws: ParameterError.self) { try parser.parse([(name: long, value: long)]) }
        #expect((error?.description.count ?? 0) < 300)
    }

    @Test func routeWithoutParametersRefusesAny() {
        let error = #expect(throws: ParameterError.self) {
            try ParameterParser.none.parse([(name: "seed", value: "1")])
        }
        #expect(error?.description == "Parameter 'seed' is unknown: expected no parameters here.")
    }
}

extension ModelTraits {
    /// A model of 64x64 pixels without classes.
    static let sample = ModelTraits(
        resolution: 64, layerCount: 10, classCount: 0, defaultTruncation: FixedDecimal(millionths: 700_000))
}
