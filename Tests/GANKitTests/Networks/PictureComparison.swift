// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

/// The bounds within which a picture counts as equal to the reference's.
enum PictureComparison {
    /// Largest error of the float image, in standard deviations of the reference's images.
    static let relativeTolerance: Float = 2e-4
    /// The share of 8-bit samples that may differ, by one level: truncation turns an error of 1e-6 into a step now and then.
    static let differingShare = 1e-3

    static func expectEqual(
        _ actual: [Float], _ expected: [Float], std: Float, _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.count == expected.count, "\(comment)", sourceLocation: sourceLocation)
        let error = largestDifference(actual, expected)
        #expect(
            error <= relativeTolerance * std, "\(comment): error \(error) with std \(std)",
            sourceLocation: sourceLocation)
    }

    static func expectEqual(
        _ actual: [UInt8], _ expected: [UInt8], _ comment: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.count == expected.count, "\(comment)", sourceLocation: sourceLocation)
        let differences = zip(actual, expected).map { abs(Int($0) - Int($1)) }
        #expect((differences.max() ?? 0) <= 1, "\(comment)", sourceLocation: sourceLocation)
        let share = Double(differences.count { $0 != 0 }) / Double(max(1, differences.count))
        #expect(share <= differingShare, "\(comment): \(share) of the bytes differ", sourceLocation: sourceLocation)
    }

    /// NaN counts as infinitely different.
    static func largestDifference(_ actual: [Float], _ expected: [Float]) -> Float {
        zip(actual, expected).reduce(0) { max($0, $1.0.isNaN ? .infinity : abs($1.0 - $1.1)) }
    }
}
