// SPDX-License-Identifier: Apache-2.0

/// What tables for people are made of. Foundation's formatting would bring all the world's languages into the program,
/// which is more than the rest of it.
extension String {
    /// The text with spaces after it, `width` characters in all; longer text stays whole.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// The text with spaces before it, `width` characters in all; longer text stays whole.
    func aligned(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}

extension Double {
    /// With so many digits after the point, as `printf` writes it with `%.2f`, but that halves are rounded away from zero
    /// after scaling; what no `Int` can hold stays as it is.
    func fixed(_ places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        guard let units = Int(exactly: (magnitude * Double(scale)).rounded()) else {
            return description
        }
        let fraction = String(units % scale)
        let digits =
            String(units / scale)
            + (places == 0 ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction)
        return (self < 0 && units != 0 ? "-" : "") + digits
    }
}
