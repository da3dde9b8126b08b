// SPDX-License-Identifier: Apache-2.0

/// How faithful a lossy image is, from 1 to 100: the scale of libjpeg and of libwebp, which are not the same.
///
/// On portraits of 128x128 pixels JPEG took 9, 18 and 29 % of the bytes of PNG at `small`, `standard` and `fine`, and WebP 7, 12
/// and 22 %.
public struct ImageQuality: Hashable, Sendable {
    /// What a quality may be.
    public static let bounds = 1...100
    /// For thumbnails: 60. Blocks show at a second look.
    public static let small = ImageQuality(checked: 60)
    /// For pages: 85. Differences show side by side and enlarged.
    public static let standard = ImageQuality(checked: 85)
    /// For editing and archives: 95. Differences are measurable only.
    public static let fine = ImageQuality(checked: 95)

    /// 1 to 100.
    public let value: Int

    /// A quality, or nil when it is out of `bounds`.
    public init?(_ value: Int) {
        guard Self.bounds.contains(value) else { return nil }
        self.init(checked: value)
    }

    private init(checked value: Int) {
        self.value = value
    }
}
