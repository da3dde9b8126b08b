// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

struct BenchCommandTests {
    @Test func reportOfACheckpointIsComplete() throws {
        let path = try GoldenArchive.path("ada-a-32/network.pkl")
        let report = try BenchCommand.parse(
            ["--model", path, "--repeats", "3", "--batch", "3", "--threads", "2", "--layers"]
        ).measure()
        #expect(report.network == path)
        #expect(report.resolution == 32)
        #expect(report.secondsPerImage.count == 3)
        #expect(report.secondsPerImage.allSatisfy { $0 > 0 })
        #expect(report.leastSecondsPerImage <= report.medianSecondsPerImage)
        #expect(report.png.bytes > 0)
        // One conv1 each of 4x4, 8x8, 16x16 and 32x32, a conv0 of all but the first, and the first ToRGB; the others belong to
        // their conv1.
        #expect(report.profile?.layers.count == 8)
    }

    @Test func conditionalModelIsMeasured() throws {
        let path = try GoldenArchive.path("ada-c-cond-32/network.pkl")
        let report = try BenchCommand.parse(["--model", path, "--repeats", "1"]).measure()
        #expect(report.secondsPerImage.count == 1)
    }

    @Test func everyFormOfEveryConvolutionIsMeasured() throws {
        let path = try GoldenArchive.path("ada-a-32/network.pkl")
        let entries = try BenchCommand.parse(["--model", path, "--repeats", "1", "--forms"]).measureForms()
        // Four forms each of conv1 at 4x4, 8x8, 16x16 and 32x32, three each of conv0 at all but the first.
        #expect(entries.count == 4 * 4 + 3 * 3)
        #expect(entries.allSatisfy { $0.duration > .zero })
        #expect(entries.count { $0.isChosen } == 7, "each layer takes one")
        let lines = FormReport(entries: entries).text.split(separator: "\n")
        #expect(lines.count == entries.count + 1)
        #expect(lines.count { $0.hasSuffix(" *") } == 7)
    }

    @Test func formsAreForStyleGAN2() throws {
        let command = try BenchCommand.parse(["--config", "stylegan3-t-256", "--forms"])
        #expect(throws: CommandFailure.self) { try command.measureForms() }
    }

    private let report = BenchReport(
        network: "a/b.pkl", resolution: 32, threads: 2, batch: 4, secondsPerImage: [0.25, 0.5, 0.125, 1],
        loadSeconds: 0.75, peakMebibytes: 12, png: BenchReport.PNG(milliseconds: 1.5, bytes: 1000), profile: nil)

    @Test func jsonHasTheNamesThatScriptsRead() throws {
        #expect(
            try report.json() == """
                {
                  "batch" : 4,
                  "leastSecondsPerImage" : 0.125,
                  "loadSeconds" : 0.75,
                  "medianSecondsPerImage" : 0.375,
                  "network" : "a/b.pkl",
                  "peakMebibytes" : 12,
                  "png" : {
                    "bytes" : 1000,
                    "milliseconds" : 1.5
                  },
                  "resolution" : 32,
                  "secondsPerImage" : [
                    0.25,
                    0.5,
                    0.125,
                    1
                  ],
                  "threads" : 2
                }
                """)
    }

    @Test func textSaysTheSame() {
        #expect(
            report.text == """
                network            a/b.pkl, 32x32
                threads            2, batch 4
                seconds per image  0.3750 median, 0.1250 least
                png                1.5 ms, 1000 bytes
                load time          0.7500 s
                peak memory        12 MiB
                """)
    }

    @Test(arguments: [
        [0.0]: 0.0, [3, 1]: 2, [3, 1, 2]: 2, []: 0,
    ])
    func median(values: [Double], median: Double) {
        #expect(BenchReport.median(values) == median)
    }

    @Test(arguments: [
        ["--model", "a.pkl", "--config", "ffhq256"], ["--repeats", "0"], ["--threads", "0"], ["--batch", "257"],
    ])
    func badOptionsAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try BenchCommand.parse(arguments) }
    }
}
