// SPDX-License-Identifier: Apache-2.0

import GANKit
import Glibc

/// What `faceserver inspect` prints.
struct InspectionReport: Encodable {
    struct Layer: Encodable {
        let name: String
        let parameters: Int
        /// Shapes by the tensors' names.
        let tensors: [String: [Int]]
    }

    let file: String
    let format: String
    let sha256: String
    /// The model's own name.
    let name: String?
    let architecture: String
    /// How a StyleGAN2's blocks are wired.
    let blockArchitecture: String?
    let resolution: Int
    let channels: Int
    let zDim: Int
    let wDim: Int
    /// w vectors that the synthesis network takes.
    let wCount: Int
    /// 0 for an unconditional model.
    let classes: Int
    let parameters: Int
    let layers: [Layer]
    let unused: [String]

    init(_ inspection: CheckpointInspection, file: String, sha256: String) {
        let configuration = inspection.configuration
        self.file = file
        self.sha256 = sha256
        format = inspection.formatName
        name = inspection.metadata.name
        architecture = configuration.architecture
        blockArchitecture = architecture == "stylegan2" ? inspection.metadata.blockArchitecture.rawValue : nil
        resolution = configuration.imgResolution
        channels = configuration.imgChannels
        zDim = configuration.zDim
        wDim = configuration.wDim
        wCount = configuration.numWs
        classes = configuration.cDim
        parameters = inspection.parameterCount
        layers = inspection.layers.map { layer in
            Layer(
                name: layer.name, parameters: layer.parameterCount,
                tensors: Dictionary(uniqueKeysWithValues: layer.tensors.map { ($0.name, $0.shape) }))
        }
        unused = inspection.unused
    }

    /// For programs.
    func json() throws -> String {
        try JSONText.encode(self, isPretty: true)
    }

    /// For people.
    var text: String {
        let kind = blockArchitecture.map { "\(architecture), \($0)" } ?? architecture
        var lines = [
            "file          \(file)",
            "format        \(format)",
            "sha256        \(sha256)",
            "architecture  \(kind)",
            "picture       \(resolution)x\(resolution), \(channels == 1 ? "grey" : "RGB")",
            "latent        z \(zDim), w \(wCount) x \(wDim)",
            "classes       \(classes == 0 ? "none" : String(classes))",
            "parameters    \(parameters)",
        ]
        if let name {
            // A terminal obeys what a hostile file may put into its name.
            lines.insert("name          \(ServedModel.printable(name))", at: 1)
        }
        let width = (layers.map(\.name.count).max() ?? 0) + 2
        lines.append("\n" + "layer".padded(to: width) + "parameters  tensors")
        for layer in layers {
            let shapes = layer.tensors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append(
                layer.name.padded(to: width)
                    + String(layer.parameters).padded(to: 12)
                    + shapes.joined(separator: ", "))
        }
        lines.append(unused.isEmpty ? "\nunused        nothing" : "\nunused")
        lines += unused.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
