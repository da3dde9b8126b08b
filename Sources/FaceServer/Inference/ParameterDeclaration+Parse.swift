// SPDX-License-Identifier: Apache-2.0

extension ParameterDeclaration {
    /// Reads a value that came with a request.
    func parse(_ text: String) throws(ParameterError) -> Value {
        guard !text.isEmpty || isFlag else {
            throw error(nil, .missing)
        }
        switch form {
        case .integer(let bounds):
            return .integer(try integer(text, bounds))
        case .decimal(let bounds):
            guard let number = FixedDecimal(text) else {
                throw error(text, .malformed(expected: "a plain decimal number"))
            }
            try check(bounds.contains(number), text)
            return .decimal(number)
        case .offset(let bounds):
            guard let offset = PictureOffset(text) else {
                throw error(text, .malformed(expected: "two plain decimal numbers with a comma between them"))
            }
            try check(bounds.contains(offset.x) && bounds.contains(offset.y), text)
            return .offset(offset)
        case .choice(let words):
            guard words.contains(text) else {
                throw error(text, .malformed(expected: "a known word"))
            }
            return .choice(text)
        case .duration(let bounds):
            guard let duration = DurationText.parse(text) else {
                throw error(text, .malformed(expected: "a duration"))
            }
            try check(bounds.contains(duration), text)
            return .duration(duration)
        case .seeds(let maxCount):
            let seeds = try numbers(text, FaceParameters.seedBounds, maxCount: maxCount)
            return .seeds(seeds.map { UInt32(clamping: $0) })
        case .way(let counts):
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ $0.isASCIIDigits }) else {
                throw error(text, .malformed(expected: "a list of integers with dashes between them"))
            }
            var seeds: [UInt32] = []
            for part in parts {
                guard case .integer(let seed) = try? FaceParameters.seedDeclaration.parse(String(part)) else {
                    throw error(text, .outOfRange)
                }
                seeds.append(UInt32(clamping: seed))
            }
            try check(counts.contains(seeds.count), text)
            return .seeds(seeds)
        case .flag:
            guard let flag = text.isEmpty ? true : Bool(text) else {
                throw error(text, .malformed(expected: "a known word"))
            }
            return .flag(flag)
        case .layers(let count):
            return .layers(LayerSet(try numbers(text, 0...count - 1, maxCount: count)))
        case .edits(let count, let names, let layers):
            return .edits(try edits(text, count: count, names: names, layers: layers))
        case .text(let maxBytes):
            try check(text.utf8.count <= maxBytes, text)
            return .text(text)
        case .unavailable:
            throw error(text, .unavailable)
        }
    }

    private var isFlag: Bool {
        if case .flag = form { true } else { false }
    }

    private func check(_ isInRange: Bool, _ text: String) throws(ParameterError) {
        guard isInRange else {
            throw error(text, .outOfRange)
        }
    }

    private func integer(_ text: String, _ bounds: ClosedRange<Int>) throws(ParameterError) -> Int {
        guard text.isASCIIDigits else {
            throw error(text, .malformed(expected: "an integer"))
        }
        guard let number = text.integer(within: bounds) else {
            throw error(text, .outOfRange)
        }
        return number
    }

    private func edits(
        _ text: String, count: Int, names: [String], layers layerCount: Int
    ) throws(ParameterError) -> [FaceEdit] {
        var edits: [FaceEdit] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: ":", omittingEmptySubsequences: false)
            guard (2...3).contains(words.count), let strength = FixedDecimal(words[1]) else {
                throw error(text, .malformed(expected: "a list of steps"))
            }
            let direction: FaceEdit.Direction
            if words[0].isASCIIDigits {
                guard let rank = Int(words[0]), rank < count else {
                    throw error(text, .outOfRange)
                }
                direction = .rank(rank)
            } else if names.contains(where: { $0.utf8.elementsEqual(words[0].utf8) }) {
                direction = .name(String(words[0]))
            } else {
                throw error(text, .malformed(expected: "a list of steps along known directions"))
            }
            var layers: ClosedRange<Int>?
            if words.count == 3 {
                let list = try numbers(text, of: words[2], 0...layerCount - 1, maxCount: layerCount)
                guard let first = list.first, let last = list.last, list == Array(first...last) else {
                    throw error(text, .malformed(expected: "a list of steps in one range of layers each"))
                }
                layers = first...last == 0...layerCount - 1 ? nil : first...last
            }
            try check(FaceEdit.strengthBounds.contains(strength), text)
            let edit = FaceEdit(direction: direction, strength: strength, layers: layers)
            guard !edits.contains(where: edit.isAlong) else {
                throw error(text, .malformed(expected: "a list of steps along different directions"))
            }
            edits.append(edit)
        }
        return edits
    }

    private func numbers(
        _ text: String, _ bounds: ClosedRange<Int>, maxCount: Int
    ) throws(ParameterError) -> [Int] {
        try numbers(text, of: text, bounds, maxCount: maxCount)
    }

    /// - Parameter part: of the value
    private func numbers(
        _ text: String, of part: some StringProtocol, _ bounds: ClosedRange<Int>, maxCount: Int
    ) throws(ParameterError) -> [Int] {
        do {
            return try IntegerRanges(part, within: bounds, maxCount: maxCount).numbers
        } catch {
            switch error {
            case .malformed, .backwards:
                throw self.error(text, .malformed(expected: "a list of numbers and ascending ranges"))
            case .outOfRange, .tooMany:
                throw self.error(text, .outOfRange)
            }
        }
    }
}
