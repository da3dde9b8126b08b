// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct RGBImageTests {
    @Test(arguments: [
        (-1.1 as Float, 0 as UInt8, "clipped below"), (-1, 0, "0.5 is truncated"), (0, 128, "the middle"),
        (0.0039, 128, "128.497 is truncated"), (0.9999, 255, "255.487 is clipped"), (1.5, 255, "clipped above"),
        (.nan, 0, "not a number"), (.infinity, 255, "infinite"), (-.infinity, 0, "infinite below"),
    ])
    func quantisationTruncates(value: Float, byte: UInt8, reason: String) throws {
        let image = RGBImage(quantizing: [value, value, value], channels: 3, height: 1, width: 1)
        #expect(image.pixels == [byte, byte, byte], "\(reason)")
    }

    @Test func channelsAreInterleaved() throws {
        let image = RGBImage(quantizing: [-1, 1, 0, 0, 1, -1], channels: 3, height: 1, width: 2)
        #expect(image.pixels == [0, 128, 255, 255, 128, 0])
    }

    @Test func greyBecomesRGB() throws {
        #expect(RGBImage(quantizing: [0], channels: 1, height: 1, width: 1).pixels == [128, 128, 128])
    }

    @Test(arguments: [1, 3, 16, 40, 64])
    func aFlatImageStaysFlatAtAnySize(size: Int) {
        let flat = RGBImage(width: 32, height: 32, pixels: [UInt8](repeating: 77, count: 32 * 32 * 3))
        #expect(flat.resized(width: size, height: size).pixels == [UInt8](repeating: 77, count: size * size * 3))
    }

    @Test func reductionAveragesLightNotBytes() {
        // Columns alternate black and white: half the light of white is byte 188 in sRGB, not 128.
        let pixels = (0..<32 * 32).flatMap { [UInt8](repeating: $0 % 2 == 0 ? 0 : 255, count: 3) }
        let reduced = RGBImage(width: 32, height: 32, pixels: pixels).resized(width: 8, height: 8)
        let middle = reduced.pixels[(4 * 8 + 4) * 3]
        #expect((187...189).contains(middle))
    }

    @Test func sameSizeIsTheSameImage() {
        let image = PNGEncoderTests.image(width: 5, height: 4)
        #expect(image.resized(width: 5, height: 4) == image)
    }

    @Test func enlargementKeepsPlacesOfPixels() {
        var pixels = [UInt8](repeating: 0, count: 8 * 8 * 3)
        pixels[(2 * 8 + 5) * 3] = 255
        let enlarged = RGBImage(width: 8, height: 8, pixels: pixels).resized(width: 16, height: 16)
        let reds = stride(from: 0, to: enlarged.pixels.count, by: 3).map { enlarged.pixels[$0] }
        let brightest = reds.indices.filter { reds[$0] == reds.max() }.map { [$0 / 16, $0 % 16] }
        #expect(Set(brightest).isSubset(of: [[4, 10], [4, 11], [5, 10], [5, 11]]))
    }

    /// Half of the light of white is 0.5, which is byte 187.5 in sRGB (IEC 61966-2-1): 1.055 * 0.5^(1/2.4) - 0.055 = 0.7354.
    @Test(arguments: [2, 4, 8, 16])
    func aCheckerboardBecomesItsMeanLight(factor: Int) {
        let size = 64
        let pixels = (0..<size * size).flatMap { index in
            [UInt8](repeating: (index / size + index) % 2 == 0 ? 0 : 255, count: 3)
        }
        let reduced = RGBImage(width: size, height: size, pixels: pixels)
            .resized(width: size / factor, height: size / factor)
        // Away from the rim, where a kernel is cut off.
        let side = size / factor
        for row in side / 4..<side * 3 / 4 {
            for column in side / 4..<side * 3 / 4 {
                #expect((187...188).contains(reduced.pixels[(row * side + column) * 3]))
            }
        }
    }

    /// Light that grows evenly stays so: at the centre of each new pixel it is that of the place in the old image.
    @Test(arguments: [16, 32, 48, 64, 96, 128])
    func aGradientOfLightStaysOne(size: Int) {
        let light = { (x: Double) in 0.1 + 0.8 * x }
        let old = 64
        let pixels = (0..<old).flatMap { _ in
            (0..<old).flatMap { column in
                [UInt8](repeating: SRGBTransfer.encode(Float(light((Double(column) + 0.5) / Double(old)))), count: 3)
            }
        }
        let resized = RGBImage(width: old, height: old, pixels: pixels).resized(width: size, height: size)
        for column in size / 8..<size * 7 / 8 {
            let expected = SRGBTransfer.encode(Float(light((Double(column) + 0.5) / Double(size))))
            let value = resized.pixels[(size / 2 * size + column) * 3]
            #expect(abs(Int(value) - Int(expected)) <= 1, "column \(column) of \(size)")
        }
    }
}
