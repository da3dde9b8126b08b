// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Reads the fixtures' own safetensors files, which hold F64 and U8 too; independent of the reader under test.
struct ExpectedTensors {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]
    }

    private let entries: [String: Entry]
    private let body: Data

    init(_ path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let headerLength = Int(data.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        entries = try decoder.decode([String: Entry].self, from: data[8..<8 + headerLength])
        body = data[(8 + headerLength)...]
    }

    func floats(_ name: String) throws -> [Float] { try elements(name, dtype: "F32", as: Float.self) }
    func doubles(_ name: String) throws -> [Double] { try elements(name, dtype: "F64", as: Double.self) }
    func bytes(_ name: String) throws -> [UInt8] { try elements(name, dtype: "U8", as: UInt8.self) }
    func shape(_ name: String) throws -> [Int] { try #require(entries[name]).shape }

    private func elements<Element: BitwiseCopyable>(
        _ name: String, dtype: String, as type: Element.Type
    ) throws -> [Element] {
        let entry = try #require(entries[name], "fixture has no '\(name)'")
        try #require(entry.dtype == dtype)
        let start = body.startIndex
        let bytes = body[start + entry.dataOffsets[0]..<start + entry.dataOffsets[1]]
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<Element>.stride).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: type)
            }
        }
    }
}
