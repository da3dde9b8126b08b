// SPDX-License-Identifier: Apache-2.0

import CYAML

/// Reads a document of YAML through libyaml.
///
/// Aliases are refused, by which a short text may stand for an endless one, and so are keys that are no text or that are
/// there twice, which would hide one of the values. Tags mean nothing here.
struct YAMLParser: ~Copyable {
    static let maxDepth = 16

    /// libyaml's state, which holds its own address.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// The only document of a text; null of an empty one.
    static func parse(_ text: [UInt8]) throws -> YAMLValue {
        // libyaml takes no text that has no address, as an empty one.
        try (text + [UInt8(ascii: "\n")]).withUnsafeBufferPointer { buffer in
            let parser = YAMLParser(buffer)
            return try parser.stream()
        }
    }

    /// - Parameter text: has to outlive the parser.
    private init(_ text: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        yaml_parser_initialize(parser)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private enum Kind {
        case document
        case scalar(YAMLValue)
        case sequence
        case mapping
        case alias
        /// Of a sequence, a mapping, a document or all.
        case end
    }

    private struct Event {
        let kind: Kind
        let mark: yaml_mark_t

        func error(_ problem: String) -> YAMLError {
            YAMLError(line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: problem)
        }
    }

    private func stream() throws -> YAMLValue {
        guard case .document = try next().kind else {
            return .null
        }
        let value = try value(try next(), depth: 1)
        _ = try next()
        let last = try next()
        guard case .end = last.kind else {
            throw last.error("a second document")
        }
        return value
    }

    private func value(_ event: Event, depth: Int) throws -> YAMLValue {
        guard depth <= Self.maxDepth else {
            throw event.error("nested deeper than \(Self.maxDepth)")
        }
        switch event.kind {
        case .scalar(let value):
            return value
        case .sequence:
            var values: [YAMLValue] = []
            while let event = try nextUnlessEnd() {
                values.append(try value(event, depth: depth + 1))
            }
            return .sequence(values)
        case .mapping:
            var members: [YAMLValue.Member] = []
            while let event = try nextUnlessEnd() {
                guard case .scalar(.scalar(let key)) = event.kind else {
                    throw event.error("a key that is no text")
                }
                guard !members.contains(where: { $0.key == key }) else {
                    throw event.error("key '\(key)' is there twice")
                }
                members.append(.init(key: key, value: try value(try next(), depth: depth + 1)))
            }
            return .mapping(members)
        case .alias:
            throw event.error("an alias, which is not supported")
        case .document, .end:
            throw event.error("a value is missing")
        }
    }

    private func nextUnlessEnd() throws -> Event? {
        let event = try next()
        if case .end = event.kind {
            return nil
        }
        return event
    }

    /// The next event but for the stream's start, which says nothing.
    private func next() throws -> Event {
        var event = yaml_event_t()
        repeat {
            guard yaml_parser_parse(parser, &event) == 1 else {
                let state = parser.pointee
                let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
                throw Event(kind: .end, mark: state.problem_mark).error(problem)
            }
        } while event.type == YAML_STREAM_START_EVENT
        defer { yaml_event_delete(&event) }
        return Event(kind: Self.kind(of: event), mark: event.start_mark)
    }

    private static func kind(of event: yaml_event_t) -> Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .document
        case YAML_SEQUENCE_START_EVENT: .sequence
        case YAML_MAPPING_START_EVENT: .mapping
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: .scalar(scalar(of: event))
        default: .end
        }
    }

    private static func scalar(of event: yaml_event_t) -> YAMLValue {
        let scalar = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
        return isPlain && ["", "~", "null", "Null", "NULL"].contains(text) ? .null : .scalar(text)
    }
}
