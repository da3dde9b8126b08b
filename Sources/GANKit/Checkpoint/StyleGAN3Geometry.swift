// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sizes, sampling rates and filters of a StyleGAN3 synthesis network, which its tensors do not tell.
public struct StyleGAN3Geometry: Sendable, Equatable {
    /// A layer that filters.
    public struct Layer: Sendable, Equatable {
        /// As in tensor names: "L0_36_1024".
        public var name: String
        /// Height and width of the input.
        public var inSize: Int
        /// Height and width of the output.
        public var outSize: Int
        /// By how much the layer up-samples before its activation ...
        public var upFactor: Int
        /// ... and down-samples after it.
        public var downFactor: Int
        /// Taps of the up-sampling filter, 1 for none.
        public var upTaps: Int
        /// Taps of the down-sampling filter on an axis, 1 for none.
        public var downTaps: Int
        /// Whether the down-sampling filter is alike in all directions.
        public var isRadial: Bool
        /// Of the signal between the filters.
        public var samplingRate: Double
        /// Of the up-sampling filter.
        public var inCutoff: Double
        /// Half of its transition band.
        public var inHalfWidth: Double
        /// Of the down-sampling filter.
        public var outCutoff: Double
        /// Half of its transition band.
        public var outHalfWidth: Double
    }

    /// Height and width of the map that the network starts from.
    public var inputSize: Int
    /// Its sampling rate.
    public var inputSamplingRate: Double
    /// Beyond this frequency its waves fade out.
    public var inputBandwidth: Double
    /// Of the image.
    public var outputScale: Float
    /// In order; the last one makes the image.
    public var layers: [Layer]
}

extension StyleGAN3Geometry {
    /// The geometry of the official configurations for a resolution.
    ///
    /// Cutoffs and stopbands grow exponentially from layer to layer, but for the last two, which are critically sampled (Karras
    /// et al., 2021, section 3.2 and appendix).
    ///
    /// - Parameters:
    ///   - channels: of the output of each layer, which are part of its name, by the layer's output cutoff
    ///   - isRadial: whether down-sampling filters are radial, as in configuration R
    public static func official(
        imgResolution: Int, isRadial: Bool, imgChannels: Int = 3, channels: (_ cutoff: Double) -> Int
    ) -> StyleGAN3Geometry {
        let (layerCount, criticalLayers, margin, tapsPerFactor, oversampling) = (14, 2, 10, 6, 2)
        let lastCutoff = Double(imgResolution) / 2
        let (firstCutoff, firstStopband, lastStopband) = (2.0, pow(2, 2.1), lastCutoff * pow(2, 0.3))
        let progress = (0...layerCount).map { min(Double($0) / Double(layerCount - criticalLayers), 1) }
        let cutoffs = progress.map { firstCutoff * pow(lastCutoff / firstCutoff, $0) }
        let stopbands = progress.map { firstStopband * pow(lastStopband / firstStopband, $0) }
        let rates = stopbands.map { 1 << Int(log2(min($0 * 2, Double(imgResolution))).rounded(.up)) }
        let halfWidths = zip(zip(stopbands, rates), cutoffs).map { max($0.0, Double($0.1) / 2) - $1 }
        let sizes = rates.indices.map { $0 >= layerCount - 1 ? imgResolution : rates[$0] + 2 * margin }
        let layers = (0...layerCount).map { index in
            let previous = max(index - 1, 0)
            let isLast = index == layerCount
            let rate = isLast ? rates[index] : max(rates[previous], rates[index]) * oversampling
            let (up, down) = (rate / rates[previous], rate / rates[index])
            return Layer(
                name: "L\(index)_\(sizes[index])_\(isLast ? imgChannels : channels(cutoffs[index]))",
                inSize: sizes[previous], outSize: sizes[index], upFactor: up, downFactor: down,
                upTaps: up > 1 && !isLast ? tapsPerFactor * up : 1,
                downTaps: down > 1 && !isLast ? tapsPerFactor * down : 1,
                isRadial: isRadial && index < layerCount - criticalLayers, samplingRate: Double(rate),
                inCutoff: cutoffs[previous], inHalfWidth: halfWidths[previous], outCutoff: cutoffs[index],
                outHalfWidth: halfWidths[index])
        }
        return StyleGAN3Geometry(
            inputSize: sizes[0], inputSamplingRate: Double(rates[0]), inputBandwidth: cutoffs[0], outputScale: 0.25,
            layers: layers)
    }
}
