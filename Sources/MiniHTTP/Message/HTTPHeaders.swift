// SPDX-License-Identifier: Apache-2.0

/// The fields of a message in the order in which they came, repeats kept. Names are case-insensitive
/// (RFC 9110 section 5.1).
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    /// A name and a value, both as they came.
    public typealias Element = (name: String, value: String)

    struct Field: Sendable, Equatable {
        let name: String
        let value: String
        /// Tells most names apart at a glance.
        let key: UInt32

        init(name: String, value: String) {
            self.name = name
            self.value = value
            key = HTTPHeaders.key(name)
        }

        fileprivate func isNamed(_ other: String, _ otherKey: UInt32) -> Bool {
            key == otherKey && ASCII.equalIgnoringCase(name, other)
        }

        static func == (lhs: Field, rhs: Field) -> Bool {
            ASCII.equalIgnoringCase(lhs.name, rhs.name) && lhs.value == rhs.value
        }
    }

    /// Fields whose lines are rendered; nil for none. They come before the others.
    private(set) var renderedFields: RenderedFields?
    /// The fields that are not rendered.
    private(set) var fields: [Field]

    /// Makes an empty list.
    public init() {
        fields = []
    }

    /// Keeps the order and the repeats of the literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// How many fields there are; a repeated name counts each time.
    public var count: Int { (renderedFields?.fields.count ?? 0) + fields.count }

    /// Whether there is no field at all.
    public var isEmpty: Bool { count == 0 }

    /// The first value of `name`. Setting replaces the first, drops the repeats, and adds the field when it is new;
    /// setting nil removes them all.
    public subscript(name: String) -> String? {
        get {
            let key = Self.key(name)
            let field = renderedFields?.fields.first { $0.isNamed(name, key) } ?? fields.first { $0.isNamed(name, key) }
            return field?.value
        }
        set {
            guard let newValue else {
                remove(name)
                return
            }
            takeApart()
            let key = Self.key(name)
            guard let index = fields.firstIndex(where: { $0.isNamed(name, key) }) else {
                add(name, newValue)
                return
            }
            let repeats = fields[(index + 1)...].filter { !$0.isNamed(name, key) }
            fields.replaceSubrange(index..., with: [Field(name: name, value: newValue)] + repeats)
        }
    }

    /// Every value of `name`, in order.
    public func values(for name: String) -> [String] {
        let key = Self.key(name)
        func values(of fields: [Field]) -> [String] {
            fields.compactMap { $0.isNamed(name, key) ? $0.value : nil }
        }
        return renderedFields.map { values(of: $0.fields) + values(of: fields) } ?? values(of: fields)
    }

    /// Whether `name` is there.
    public func contains(_ name: String) -> Bool {
        self[name] != nil
    }

    /// Appends a field, even when its name is there already.
    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Removes every field of that name.
    public mutating func remove(_ name: String) {
        takeApart()
        let key = Self.key(name)
        fields.removeAll { $0.isNamed(name, key) }
    }

    /// Whether a comma-separated list field (RFC 9110 section 5.6.1) holds `token`, ignoring case.
    func containsToken(_ token: String, in name: String) -> Bool {
        values(for: name).contains { value in
            value.utf8.split(separator: ASCII.comma).contains { member in
                ASCII.equalIgnoringCase(ASCII.trimmingWhitespace(member), token.utf8)
            }
        }
    }

    /// The same fields, of which each response that they are sent with renders only those added later. Other changes undo
    /// that.
    public func rendered() -> HTTPHeaders {
        guard let lines = try? HTTPResponseEncoder.lines(of: self) else {
            // What cannot be sent is said where it is tried.
            return self
        }
        var headers = HTTPHeaders()
        headers.renderedFields = RenderedFields(fields: all, lines: lines)
        return headers
    }

    private var all: [Field] { renderedFields.map { $0.fields + fields } ?? fields }

    private mutating func takeApart() {
        guard renderedFields != nil else { return }
        fields = all
        renderedFields = nil
    }

    /// The same fields in the same order, however much of them is rendered.
    public static func == (lhs: HTTPHeaders, rhs: HTTPHeaders) -> Bool { lhs.all == rhs.all }

    /// The length, and the first, middle and last letters in lower case.
    private static func key(_ name: String) -> UInt32 {
        var name = name
        return name.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return 0 }
            let middle = bytes[bytes.count / 2]
            return UInt32(ASCII.lowercased(first)) << 24 | UInt32(ASCII.lowercased(middle)) << 16
                | UInt32(ASCII.lowercased(last)) << 8 | UInt32(truncatingIfNeeded: bytes.count) & 0xFF
        }
    }

    /// Makes room for so many fields.
    mutating func reserveCapacity(_ count: Int) {
        fields.reserveCapacity(count)
    }

    /// Walks the fields in order.
    public struct Iterator: IteratorProtocol {
        fileprivate var fields: IndexingIterator<[Field]>

        /// The next field, nil after the last.
        public mutating func next() -> Element? {
            fields.next().map { ($0.name, $0.value) }
        }
    }

    /// Walks the fields in order.
    public func makeIterator() -> Iterator {
        Iterator(fields: all.makeIterator())
    }
}

/// Fields and their lines as they stand in a response. Shared by all responses that have them.
final class RenderedFields: Sendable {
    let fields: [HTTPHeaders.Field]
    /// Checked, and without the fields that are the connection's to set.
    let lines: [UInt8]

    init(fields: [HTTPHeaders.Field], lines: [UInt8]) {
        self.fields = fields
        self.lines = lines
    }
}
