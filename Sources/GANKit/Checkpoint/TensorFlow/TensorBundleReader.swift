// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Reads TensorFlow checkpoints: the generator of gsurma/face_generator, a DCGAN.
enum TensorBundleReader {
    private static let formatName = "TensorFlow checkpoint"
    private static let indexSuffix = ".index"

    /// Opens the index and, beside it, the data files.
    static func read(_ index: MappedFile) throws -> AssembledCheckpoint {
        guard index.path.hasSuffix(indexSuffix) else {
            throw CheckpointError.unsupported(
                detail: "this is the index of a TensorFlow checkpoint, but without a name that ends in '.index' its "
                    + "data cannot be found")
        }
        let prefix = index.path.dropLast(indexSuffix.count)
        return try read(ByteView(index)) { number, count in
            let path = prefix + ".data-\(padded(number))-of-\(padded(count))"
            do {
                return try ByteView(MappedFile(path: String(path)))
            } catch CheckpointError.io(let operation, let errno) {
                throw CheckpointError.io(
                    operation: "\(operation) \(String(path).quoted), which holds the data", errno: errno)
            }
        }
    }

    static func read(
        _ index: ByteView, shard: (_ number: Int, _ count: Int) throws -> ByteView
    ) throws -> AssembledCheckpoint {
        let bundle = try TensorBundle(index, shard: shard)
        var directory = TensorDirectory(bundle.variables)
        guard let found = try FaceGeneratorVariables.assemble(&directory) else {
            let names = bundle.variables.keys.sorted().prefix(5).map(\.quoted).joined(separator: ", ")
            throw CheckpointError.unsupported(
                detail: "the variables are not those of gsurma/face_generator, such as 'generator/dense/kernel'; the "
                    + "checkpoint has " + (names.isEmpty ? "none" : names))
        }
        return AssembledCheckpoint(
            formatName: formatName, metadata: found.metadata, tensors: found.tensors,
            unused: (directory.rest + bundle.others).map { "tensor \($0.quoted)" })
    }

    /// What to say of a name that is a part of a checkpoint: of its data, or all names' common beginning.
    static func advice(for path: String) -> String? {
        if let range = path.ranges(of: ".data-").last, path[range.upperBound...].contains("-of-") {
            let index = path[..<range.lowerBound] + indexSuffix
            return FileManager.default.fileExists(atPath: String(index))
                ? "this is the data of a TensorFlow checkpoint; give its index \(String(index).quoted)" : nil
        }
        let index = path + indexSuffix
        return FileManager.default.fileExists(atPath: index)
            ? "this is the name of a TensorFlow checkpoint; give its index \(index.quoted)" : nil
    }

    /// With five digits.
    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
