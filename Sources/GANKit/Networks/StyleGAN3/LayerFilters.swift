// SPDX-License-Identifier: Apache-2.0

/// The filters of a StyleGAN3 layer: those of the checkpoint, or, where it has none, those that its geometry describes.
struct LayerFilters {
    /// The most taps on an axis.
    static let maxTaps = 128

    /// [n]
    let up: Tensor
    /// [n], or [n, n] for a radial one.
    let down: Tensor

    init(_ layer: StyleGAN3Geometry.Layer, in parameters: ParameterMap) throws {
        let prefix = "synthesis.\(layer.name)"
        up =
            try Self.stored("\(prefix).up_filter", in: parameters, canBeRadial: false)
            ?? Self.designed(
                taps: layer.upTaps, cutoff: layer.inCutoff, halfWidth: layer.inHalfWidth, layer: layer, isRadial: false)
        down =
            try Self.stored("\(prefix).down_filter", in: parameters, canBeRadial: true)
            ?? Self.designed(
                taps: layer.downTaps, cutoff: layer.outCutoff, halfWidth: layer.outHalfWidth, layer: layer,
                isRadial: layer.isRadial)
        guard down.shape[0] >= layer.downFactor else {
            throw CheckpointError.unsupported(
                detail: "layer \(layer.name.quoted): a down-sampling filter of \(down.shape[0]) taps "
                    + "by \(layer.downFactor)")
        }
    }

    private static func stored(_ name: String, in parameters: ParameterMap, canBeRadial: Bool) throws -> Tensor? {
        guard let shape = parameters.reader.shape(of: name) else { return nil }
        let fits = shape.count == 1 || canBeRadial && shape.count == 2 && shape[0] == shape[1]
        guard fits, (1...maxTaps).contains(shape[0]) else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): a filter of shape \(shape) is not supported, only [n]"
                    + (canBeRadial ? " and [n, n]" : "") + " with n up to \(maxTaps)")
        }
        return try parameters.anyTensor(name)
    }

    private static func designed(
        taps: Int, cutoff: Double, halfWidth: Double, layer: StyleGAN3Geometry.Layer, isRadial: Bool
    ) -> Tensor {
        guard taps > 1 else {
            return Tensor(shape: [1]) { $0.update(repeating: 1) }
        }
        let design = LowPassDesign(
            taps: taps, cutoff: cutoff, width: 2 * halfWidth, samplingRate: layer.samplingRate)
        return isRadial ? design.radial() : design.separable()
    }
}
