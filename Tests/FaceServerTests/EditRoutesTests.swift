// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// Edits and directions over URLs, with a network of 8x8 pixels whose w has 8 elements and 4 layers.
@Suite(.timeLimit(.minutes(2))) struct EditRoutesTests {
    private let folder = TemporaryFolder()

    /// A file of one direction.
    private func direction(_ name: String, _ value: Float) throws -> String {
        let path = folder.path + "/" + name
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try SafetensorsWriter.write(
            ["boundary": Tensor(shape: [1, 8], elements: (0..<8).map { $0 == 0 ? value : 0 })],
            metadata: CheckpointMetadata(), toPath: path)
        return path
    }

    @Test(arguments: [
        ("edit=3:2.50,0:-1", "/faces/1.png?truncation=0.7&edit=0:-1,3:2.5", "by rank"),
        ("edit=0:1:0-1,0:1:3", "/faces/1.png?truncation=0.7&edit=0:1:0-1,0:1:3", "in some layers"),
        ("edit=0:1:0-3", "/faces/1.png?truncation=0.7&edit=0:1", "in all layers, told at length"),
        ("edit=0:0", "/faces/1.png?truncation=0.7", "a step of no length"),
        ("edit=007:1&mix=2", "/faces/1.png?truncation=0.7&edit=7:1&mix=2&layers=0-3", "of a mixed face"),
    ])
    func editHasOneURL(query: String, canonical: String, reason: String) async throws {
        let response = try await folder.tinyApplication().send("/faces/1.png?" + query)
        #expect(response.status == .ok, "\(String(decoding: response.body.prefix(300), as: UTF8.self))")
        #expect(response.headers["Content-Location"] == canonical, "\(reason)")
    }

    @Test(arguments: [
        ("8:1", "a direction that there is not"), ("0", "no distance"), ("0:x", "a distance that is no number"),
        ("0:100.5", "too far"), ("0:1:4", "a layer that there is not"), ("0:1:0-9", "layers that there are not"),
        ("0:1:0-1:2", "one colon too many"), ("0:1,", "nothing after a comma"), ("0:1,0:2", "twice the same"),
        ("smile:1", "a name that there is not"), ("-1:1", "a negative rank"), ("99999999999999999999:1", "65 bits"),
    ])
    func badEditIsNamed(edit: String, reason: String) async throws {
        let response = try await folder.tinyApplication().send("/faces/1.png?edit=" + edit)
        #expect(response.status == .badRequest, "\(reason)")
        #expect(String(decoding: response.body, as: UTF8.self).contains("\"parameter\":\"edit\""), "\(reason)")
    }

    @Test func editsMoveEveryKindOfPicture() async throws {
        let application = try await folder.tinyApplication()
        let plain = try await application.picture("/faces/1.png?truncation=1")
        let edited = try await application.picture("/faces/1.png?truncation=1&edit=0:3")
        #expect(edited != plain)
        #expect(try await application.picture("/faces/1.png?truncation=1&edit=0:3:0") != edited)
        let grid = try await application.picture("/grids/1.png?truncation=1&edit=0:3")
        #expect(grid == edited)
        let morph = try await application.picture("/morphs/1-2.png?t=0&truncation=1&edit=0:3")
        #expect(zip(morph.pixels, edited.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func directionsAreListed() async throws {
        let application = try await folder.tinyApplication([
            "model.directions": "smile=\(try direction("s.safetensors", 1))"
        ])
        let response = try await application.send("/models/tiny/directions")
        let list = try #require(
            (try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: [[String: Any]]])?["directions"])
        #expect(list.count == 9)
        #expect(list[0]["name"] as? String == "smile")
        #expect(list[1]["index"] as? Int == 0)
        let strengths = list.compactMap { $0["strength"] as? Double }
        #expect(strengths.count == 8)
        #expect(strengths == strengths.sorted(by: >))
        #expect(try await application.send("/models/nobody/directions").status == .notFound)
    }

    /// The step is made of the file's numbers: w + 1.5 * direction.
    @Test func namedDirectionIsThatOfTheFile() async throws {
        let application = try await folder.tinyApplication([
            "model.directions": "smile=\(try direction("s.safetensors", 2))"
        ])
        struct Facts: Decodable {
            let w: [[Double]]
        }
        func w(_ target: String) async throws -> [[Double]] {
            try await JSONDecoder().decode(Facts.self, from: Data(application.send(target).body)).w
        }
        let before = try await w("/faces/1.json?w=list")
        let after = try await w("/faces/1.json?w=list&edit=smile:1.5:1-2")
        for layer in 0..<4 {
            for index in 0..<8 {
                let step = (1...2).contains(layer) && index == 0 ? 3.0 : 0
                #expect(abs(after[layer][index] - before[layer][index] - step) < 1e-5, "layer \(layer)")
            }
        }
    }

    @Test func otherNumbersUnderTheSameNameAreAnotherPicture() async throws {
        let first = try await folder.tinyApplication(["model.directions": "smile=\(try direction("a.safetensors", 1))"])
        let second = try await folder.tinyApplication(["model.directions": "smile=\(try direction("b.safetensors", 2))"]
        )
        for target in ["/faces/1.png?edit=smile:1", "/grids/1-2.png?edit=smile:1", "/faces/1.json?edit=smile:1"] {
            #expect(
                try await first.send(target).headers["ETag"] != second.send(target).headers["ETag"], "\(target)")
        }
        #expect(
            try await first.send("/faces/1.png").headers["ETag"] == second.send("/faces/1.png").headers["ETag"])
    }

    @Test(arguments: [
        ("smile", "no file"), ("=a.npy", "no name"), ("3=a.npy", "a name like a rank"), ("a b=c.npy", "a space"),
    ])
    func badDeclarationIsRefused(text: String, reason: String) async {
        await #expect(throws: ConfigurationError.self, "\(reason)") {
            try await ServerConfiguration.load(flags: ["model.directions": text], environment: [:])
        }
    }

    @Test func missingFileIsNamed() async throws {
        let error = await #expect(throws: CommandFailure.self) {
            try await folder.tinyApplication(["model.directions": "smile=/nowhere/smile.npy"])
        }
        #expect(error?.description.hasPrefix("/nowhere/smile.npy: ") == true)
    }
}
