// SPDX-License-Identifier: Apache-2.0

import CProcessorFeatures
import GANKernels

#if arch(x86_64)
import GANKernelsAVX512
#endif

/// The innermost loops, in the widest form that the processor has.
///
/// `GANKernels` and `GANKernelsAVX512` are compiled from the same files, since Swift chooses the instruction set by module.
/// Each result is the same chain of rounded operations in both, so the bits are the same too.
enum Kernels {
    /// The forms there are.
    enum Form {
        /// Registers of 256 or 128 bits.
        case portable
        case avx512
    }

    /// The forms that this machine can run, the fastest last.
    static let available: [Form] =
        processor_has_avx512(read_processor_registers()) ? [.portable, .avx512] : [.portable]

    private static let fastest = available[available.count - 1]

    /// `c = a b`; see `GANKernels.multiply`.
    static func multiply(
        rows: Int, inner: Int, panels: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>,
        c: UnsafeMutablePointer<Float>, cStride: Int, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.multiply(
                rows: rows, inner: inner, panels: panels, a: a, aStride: aStride, b: b, c: c, cStride: cStride)
            return
        }
        #endif
        GANKernels.multiply(
            rows: rows, inner: inner, panels: panels, a: a, aStride: aStride, b: b, c: c, cStride: cStride)
    }

    /// See `GANKernels.transformConvolutionInput`.
    static func transformConvolutionInput(
        outputs: Int, x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
        factors: UnsafeMutablePointer<Float>, pointStride: Int, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.transformConvolutionInput(
                outputs: outputs, x: x, grid: grid, styles: styles, factors: factors, pointStride: pointStride)
            return
        }
        #endif
        GANKernels.transformConvolutionInput(
            outputs: outputs, x: x, grid: grid, styles: styles, factors: factors, pointStride: pointStride)
    }

    /// See `GANKernels.transformConvolutionOutput`.
    static func transformConvolutionOutput(
        outputs: Int, products: UnsafePointer<Float>, pointStride: Int, y: UnsafeMutablePointer<Float>, grid: PixelGrid,
        rows: Int, columns: Int, epilogue: ActivationEpilogue, pixel: Int, width: Int, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.transformConvolutionOutput(
                outputs: outputs, products: products, pointStride: pointStride, y: y, grid: grid, rows: rows,
                columns: columns, epilogue: epilogue, pixel: pixel, width: width)
            return
        }
        #endif
        GANKernels.transformConvolutionOutput(
            outputs: outputs, products: products, pointStride: pointStride, y: y, grid: grid, rows: rows,
            columns: columns, epilogue: epilogue, pixel: pixel, width: width)
    }

    /// See `GANKernels.transformUpsamplingInput`.
    static func transformUpsamplingInput(
        x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>, factors: UnsafeMutablePointer<Float>,
        tile: Int, layout: UpsamplingLayout, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.transformUpsamplingInput(
                x: x, grid: grid, styles: styles, factors: factors, tile: tile, layout: layout)
            return
        }
        #endif
        GANKernels.transformUpsamplingInput(
            x: x, grid: grid, styles: styles, factors: factors, tile: tile, layout: layout)
    }

    /// See `GANKernels.transformUpsamplingOutput`.
    static func transformUpsamplingOutput(
        sums: UnsafePointer<Float>, tile: Int, layout: UpsamplingLayout, t: UnsafeMutablePointer<Float>,
        grid: PixelGrid,
        form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.transformUpsamplingOutput(sums: sums, tile: tile, layout: layout, t: t, grid: grid)
            return
        }
        #endif
        GANKernels.transformUpsamplingOutput(sums: sums, tile: tile, layout: layout, t: t, grid: grid)
    }

    /// See `GANKernels.lowPassRows`.
    static func lowPassRows(
        t: UnsafePointer<Float>, tGrid: PixelGrid, y: UnsafeMutablePointer<Float>, yGrid: PixelGrid, width: Int,
        taps: SIMD4<Float>, epilogue: ActivationEpilogue, pixel: Int, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.lowPassRows(
                t: t, tGrid: tGrid, y: y, yGrid: yGrid, width: width, taps: taps, epilogue: epilogue, pixel: pixel)
            return
        }
        #endif
        GANKernels.lowPassRows(
            t: t, tGrid: tGrid, y: y, yGrid: yGrid, width: width, taps: taps, epilogue: epilogue, pixel: pixel)
    }

    /// See `GANKernels.scaleChannels`.
    static func scaleChannels(
        x: UnsafePointer<Float>, factors: UnsafePointer<Float>, channels: Int, y: UnsafeMutablePointer<Float>,
        form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.scaleChannels(x: x, factors: factors, channels: channels, y: y)
            return
        }
        #endif
        GANKernels.scaleChannels(x: x, factors: factors, channels: channels, y: y)
    }

    /// See `GANKernels.finishPixels`.
    static func finishPixels(
        sums: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, count: Int, channels: Int,
        epilogue: ActivationEpilogue, pixel: Int, form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.finishPixels(
                sums: sums, y: y, count: count, channels: channels, epilogue: epilogue, pixel: pixel)
            return
        }
        #endif
        GANKernels.finishPixels(
            sums: sums, y: y, count: count, channels: channels, epilogue: epilogue, pixel: pixel)
    }

    /// See `GANKernels.addWeightedChannels`.
    static func addWeightedChannels(
        x: UnsafePointer<Float>, weights: UnsafePointer<Float>, count: Int, channels: Int, imgChannels: Int,
        bias: UnsafePointer<Float>, clamp: Float, image: UnsafeMutablePointer<Float>, planeStride: Int,
        form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.addWeightedChannels(
                x: x, weights: weights, count: count, channels: channels, imgChannels: imgChannels, bias: bias,
                clamp: clamp, image: image, planeStride: planeStride)
            return
        }
        #endif
        GANKernels.addWeightedChannels(
            x: x, weights: weights, count: count, channels: channels, imgChannels: imgChannels, bias: bias,
            clamp: clamp, image: image, planeStride: planeStride)
    }

    /// See `GANKernels.filterPixels`.
    static func filterPixels(
        x: UnsafePointer<Float>, xStep: Int, rowStride: Int, columnStride: Int, taps: UnsafePointer<Float>,
        tapRows: Int,
        tapColumns: Int, y: UnsafeMutablePointer<Float>, yStep: Int, count: Int, finish: FilterFinish,
        form: Form = fastest
    ) {
        #if arch(x86_64)
        if form == .avx512 {
            GANKernelsAVX512.filterPixels(
                x: x, xStep: xStep, rowStride: rowStride, columnStride: columnStride, taps: taps, tapRows: tapRows,
                tapColumns: tapColumns, y: y, yStep: yStep, count: count, finish: finish)
            return
        }
        #endif
        GANKernels.filterPixels(
            x: x, xStep: xStep, rowStride: rowStride, columnStride: columnStride, taps: taps, tapRows: tapRows,
            tapColumns: tapColumns, y: y, yStep: yStep, count: count, finish: finish)
    }
}
