// SPDX-License-Identifier: Apache-2.0

import GANKit
import Testing

@testable import FaceServer

@Suite struct FaceParametersTests {
    private func parameters(
        _ items: [(name: String, value: String)], _ model: ModelTraits = .sample
    ) throws -> FaceParameters {
        try FaceParameters(ParameterParser(FaceParameters.declarations(for: model)).parse(items), model: model)
    }

    @Test(arguments: [
        ("seed=42", "/faces/42.png?truncation=0.7", "the default truncation is named"),
        ("seed=0042", "/faces/42.png?truncation=0.7", "leading zeros of the official file names"),
        ("seed=0", "/faces/0.png?truncation=0.7", "the least seed"),
        ("seed=4294967295", "/faces/4294967295.png?truncation=0.7", "the greatest seed"),
        ("seed=42&truncation=0.70", "/faces/42.png?truncation=0.7", "one spelling of a number"),
        ("truncation=1.0&seed=42", "/faces/42.png?truncation=1", "order of parameters"),
        ("seed=42&truncation=-0", "/faces/42.png?truncation=0", "no negative zero"),
        ("seed=42&truncation=0.12345678", "/faces/42.png?truncation=0.123457", "six decimals"),
        ("seed=42&noise=const", "/faces/42.png?truncation=0.7", "the default noise"),
        ("seed=42&size=64", "/faces/42.png?truncation=0.7", "the model's own size"),
        ("seed=42&cutoff=10", "/faces/42.png?truncation=0.7", "truncation of all layers"),
        ("seed=42&cutoff=0", "/faces/42.png?truncation=0.7&cutoff=0", "truncation of no layer"),
        (
            "size=128&noise=none&cutoff=008&truncation=.5&seed=42", nil,
            "a number without a digit before its point has no canonical form, because it is refused"
        ),
        (
            "size=0128&noise=none&cutoff=008&truncation=0.5&seed=42",
            "/faces/42.png?truncation=0.5&cutoff=8&noise=none&size=128", "all of them, in the order of declaration"
        ),
    ])
    func equalFacesHaveOneURL(query: String, canonical: String?, reason: String) throws {
        let items = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return (name: String(parts[0]), value: String(parts[1]))
        }
        #expect((try? parameters(items))?.canonicalURL == canonical, "\(reason)")
    }

    /// A StyleGAN's truncation reaches 8 layers where nothing is said.
    @Test func cutoffOfTheModelIsNotPartOfTheURL() throws {
        var model = ModelTraits.sample
        model.defaultCutoff = 8
        for (cutoff, url, asked) in [
            ("8", "/faces/1.png?truncation=0.7", nil), ("10", "/faces/1.png?truncation=0.7&cutoff=10", 10),
            ("7", "/faces/1.png?truncation=0.7&cutoff=7", 7),
        ] as [(String, String, Int?)] {
            let face = try parameters([(name: "seed", value: "1"), (name: "cutoff", value: cutoff)], model)
            #expect(face.canonicalURL == url)
            #expect(face.generationRequest.truncationCutoff == asked)
        }
    }

    @Test func classIsPartOfTheURL() throws {
        var model = ModelTraits.sample
        model.classCount = 10
        let face = try parameters([(name: "seed", value: "1"), (name: "class", value: "0")], model)
        #expect(face.canonicalURL == "/faces/1.png?truncation=0.7&class=0")
        #expect(face.generationRequest.classIndex == 0)
    }

    @Test(arguments: [
        ("seed=1", "/faces/1.png?truncation=0.7", "in its place"),
        ("seed=1&translate=0,-0.0&rotate=0", "/faces/1.png?truncation=0.7", "in its place, told at length"),
        ("rotate=030.50&seed=1", "/faces/1.png?truncation=0.7&rotate=30.5", "turned"),
        (
            "rotate=-360&seed=1&translate=0.30,-0.1", "/faces/1.png?truncation=0.7&translate=0.3,-0.1&rotate=-360",
            "moved and turned"
        ),
    ])
    func transformIsPartOfTheURL(query: String, canonical: String, reason: String) throws {
        var model = ModelTraits.sample
        model.hasTransform = true
        let items = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return (name: String(parts[0]), value: String(parts[1]))
        }
        #expect(try parameters(items, model).canonicalURL == canonical, "\(reason)")
    }

    @Test func generatorIsAskedForTheTransform() throws {
        var face = try parameters([(name: "seed", value: "7")])
        #expect(face.generationRequest.transform == nil)
        face.rotate = FixedDecimal("30.5")
        #expect(face.generationRequest.transform == ImageTransform(rotationDegrees: 30.5))
        face.translate = PictureOffset("0.3,-0.1")
        #expect(
            face.generationRequest.transform
                == ImageTransform(translateX: 0.3, translateY: -0.1, rotationDegrees: 30.5))
    }

    @Test func generatorIsAskedForWhatTheURLSays() throws {
        let face = try parameters([
            (name: "seed", value: "7"), (name: "truncation", value: "-0.5"), (name: "cutoff", value: "4"),
            (name: "noise", value: "random"),
        ])
        #expect(
            face.generationRequest
                == GenerationRequest(seed: 7, truncationPsi: -0.5, truncationCutoff: 4, noiseMode: .random)
        )
    }

    @Test(arguments: [
        ("seed=1&mix=2", "/faces/1.png?truncation=0.7&mix=2&layers=0-6", "the official script's layers"),
        ("layers=9,0-1,1&seed=1&mix=02", "/faces/1.png?truncation=0.7&mix=2&layers=0-1,9", "each layer once, in order"),
        ("seed=1&noise=random&noise_seed=07", "/faces/1.png?truncation=0.7&noise=random&noise_seed=7", "noise"),
    ])
    func otherSeedsArePartOfTheURL(query: String, canonical: String, reason: String) throws {
        let items = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return (name: String(parts[0]), value: String(parts[1]))
        }
        #expect(try parameters(items).canonicalURL == canonical, "\(reason)")
    }

    @Test(arguments: [
        ("layers", "0-3", "mix", "layers of no second seed"),
        ("noise_seed", "3", "noise=random", "a seed of noise that is not drawn"),
    ])
    func parameterThatSaysNothingAloneIsRefused(name: String, value: String, other: String, reason: String) {
        let error = #expect(throws: ParameterError.self, "\(reason)") {
            try parameters([(name: "seed", value: "1"), (name: name, value: value)])
        }
        #expect(
            error?.description == "Parameter '\(name)' is '\(value)', which has no meaning without \(other).",
            "\(reason)")
    }

    @Test func textTellsHowToMakeThePictureAgain() throws {
        var face = try parameters([(name: "seed", value: "7"), (name: "noise", value: "none")])
        face.classIndex = 3
        face.cutoff = 4
        face.translate = PictureOffset("1,2")
        face.rotate = FixedDecimal("3")
        face.noiseSeed = 8
        face.mix = StyleMix(seed: 9, layers: LayerSet(0...2))
        let chunks = face.textChunks(model: ModelIdentity(name: "faces-64", sha256: "ab"))
        let expected = [
            "Software: FaceServer", "Seed: 7", "Truncation: 0.7", "Model: faces-64", "Model-SHA256: ab",
            "Truncation-Cutoff: 4", "Class: 3", "Noise: none", "Noise-Seed: 8", "Mix: 9",
            "Mix-Layers: 0-2", "Translate: 1,2", "Rotate: 3",
        ]
        #expect(chunks.map { "\($0.keyword): \($0.text)" } == expected)
    }
}
