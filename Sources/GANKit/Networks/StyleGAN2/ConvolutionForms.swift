// SPDX-License-Identifier: Apache-2.0

/// The ways to compute a 3x3 convolution with stride 1.
enum PlainForm: String, CaseIterable, Sendable {
    case direct
    case two = "F(2x2,3x3)"
    case four = "F(4x4,3x3)"
    case six = "F(6x6,3x3)"

    /// Of Winograd's forms.
    var tileSize: WinogradConvolution3x3.TileSize? {
        switch self {
        case .direct: nil
        case .two: .two
        case .four: .four
        case .six: .six
        }
    }
}

/// The ways to compute an up-sampling convolution with its low-pass.
enum UpsamplingForm: String, CaseIterable, Sendable {
    case direct
    /// All of the convolution, then the low-pass.
    case whole = "F(4,2)"
    /// Both in turn, where the layer allows it; see `UpsamplingBands`.
    case bands = "F(4,2) in bands"
}

/// Which form is the fastest by the size of the input's map, as `faceserver bench --forms` measured it.
///
/// On the smallest maps the weights' way through the memory takes longer than the arithmetic, and larger tiles have more of
/// them; on the large ones the multiplications count.
enum ConvolutionForms {
    /// From the given resolution on.
    private static let plain: [(smallest: Int, form: PlainForm)] = [
        (smallest: 4, form: .direct),
        (smallest: 8, form: .two),
        (smallest: 16, form: .four),
        (smallest: 64, form: .six),
    ]
    private static let upsampling: [(smallest: Int, form: UpsamplingForm)] = [
        (smallest: 4, form: .direct),
        (smallest: 16, form: .bands),
    ]

    static func plain(resolution: Int) -> PlainForm {
        plain.last { $0.smallest <= resolution }?.form ?? .direct
    }

    static func upsampling(resolution: Int) -> UpsamplingForm {
        upsampling.last { $0.smallest <= resolution }?.form ?? .direct
    }
}
