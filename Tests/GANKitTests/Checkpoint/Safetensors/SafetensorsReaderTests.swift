// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct SafetensorsReaderTests {
    private func reader(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) throws -> SafetensorsReader {
        try SafetensorsReader(ByteView(copying: SafetensorsFile.bytes(header: header, data: data, length: length)))
    }

    private func metadata(_ json: String) throws -> CheckpointMetadata {
        try reader(#"{"__metadata__":\#(json)}"#).metadata
    }

    @Test func readsEachFloatingPointType() throws {
        // numpy: 1.5 and -1.5 as <f4, <f2, bfloat16, <f8
        let data = [UInt8](hex: "0000c03f0000c0bf 003e00be c03fc0bf 000000000000f83f000000000000f8bf")
        let reader = try reader(
            """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[2,1],"data_offsets":[8,12]},
            "c":{"dtype":"BF16","shape":[1,2],"data_offsets":[12,16]},"d":{"dtype":"F64","shape":[2],"data_offsets":[16,32]}}
            """, data)
        #expect(reader.tensorNames == ["a", "b", "c", "d"])
        for (name, shape) in [("a", [2]), ("b", [2, 1]), ("c", [1, 2]), ("d", [2])] {
            #expect(reader.shape(of: name) == shape)
            #expect(try reader.tensor(name).shape == shape)
            #expect(try reader.tensor(name).elements == [1.5, -1.5])
        }
    }

    @Test func unalignedF32IsCopied() throws {
        let reader = try reader(
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[],"data_offsets":[1,5]}}"#,
            [UInt8](hex: "07 0000c03f"))
        #expect(try reader.tensor("b").elements == [1.5])
        #expect(try reader.tensor("b").shape == [])
    }

    @Test func alignedF32IsViewedInPlace() throws {
        let file = try MappedFile(path: GoldenArchive.path("ada-a-32/G_ema.safetensors"))
        let tensor = try SafetensorsReader(file).tensor("mapping.fc0.weight")
        let isInside = tensor.withUnsafeBufferPointer { elements in
            elements.baseAddress.map { UnsafeRawPointer($0) }.map { start in
                file.bytes.baseAddress.map { start >= $0 && start < $0 + file.bytes.count } ?? false
            } ?? false
        }
        #expect(isInside)
    }

    @Test func otherTypesAreListedAndRefused() throws {
        let reader = try reader(
            #"{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](repeating: 0, count: 8))
        #expect(reader.tensorNames == ["n"])
        #expect(reader.shape(of: "n") == [1])
        #expect(
            throws: CheckpointError.unsupported(
                detail: "tensor 'n': elements of type I64, not floating-point numbers")
        ) { try reader.tensor("n") }
    }

    @Test func emptyTensorsTakeNoBytes() throws {
        let reader = try reader(#"{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}"#)
        #expect(try reader.tensor("a").count == 0)
    }

    @Test func readsMetadata() throws {
        let metadata = try metadata(
            """
            {"architecture":"stylegan3","block_architecture":"resnet","mapping_lr_multiplier":"0.5","conv_clamp":"256",
            "name":"faces","description":"of \\"people\\" \\u00e9 \\ud83d\\ude00","license":"CC0","format":"pt"}
            """)
        #expect(
            metadata
                == CheckpointMetadata(
                    architecture: "stylegan3", blockArchitecture: .resnet, mappingLearningRateMultiplier: 0.5,
                    convClamp: 256, name: "faces", description: "of \"people\" é 😀", license: "CC0"))
        #expect(try self.metadata("{}") == CheckpointMetadata())
        #expect(try self.metadata(#"{"conv_clamp":"None"}"#).convClamp == nil)
    }

    @Test(arguments: [
        (#"{"block_architecture":"dense"}"#, "metadata 'block_architecture' is 'dense', expected skip, resnet or orig"),
        (
            #"{"mapping_lr_multiplier":"fast"}"#,
            "metadata 'mapping_lr_multiplier' is 'fast', expected a positive number"
        ),
        (#"{"mapping_lr_multiplier":"0"}"#, "metadata 'mapping_lr_multiplier' is '0', expected a positive number"),
        (#"{"conv_clamp":"nan"}"#, "metadata 'conv_clamp' is 'nan', expected a positive number"),
        (#"{"conv_clamp":"inf"}"#, "metadata 'conv_clamp' is 'inf', expected a positive number"),
        (#"{"conv_clamp":"-1"}"#, "metadata 'conv_clamp' is '-1', expected a positive number"),
        (#"{"architecture":""}"#, "metadata 'architecture' is '', expected a family of networks such as 'stylegan2'"),
    ])
    func badMetadata(json: String, message: String) {
        #expect(throws: CheckpointError.malformed(detail: message)) { try metadata(json) }
    }

    /// Reason, header, bytes of data, message.
    static let malformed: [(String, String, Int, String)] = [
        (
            "tensor past the end", #"{"b64.conv0.weight":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 12,
            "tensor 'b64.conv0.weight': offset 78 + 16 bytes exceeds file size 90"
        ),
        (
            "offsets whose sum overflows",
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}"#, 4,
            "tensor 'a': data_offsets [9223372036854775803, 9223372036854775807] exceed file size 102"
        ),
        (
            "offsets beyond Int", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}"#, 4,
            "header: an integer from 0 to 9223372036854775807 expected at byte 58"
        ),
        (
            "offsets that run backwards", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
            "tensor 'a': data_offsets [4, 0] run backwards"
        ),
        (
            "shape that does not fit", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
            "tensor 'a': F32 elements of shape [2] do not take the 4 bytes given"
        ),
        (
            "shape whose product overflows",
            #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
            "tensor 'a': F32 elements of shape [4294967296, 4294967296] do not take the 0 bytes given"
        ),
        (
            "shape whose product overflows beside a zero",
            #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#, 0,
            "tensor 'a': F32 elements of shape [4294967296, 4294967296, 0] do not take the 0 bytes given"
        ),
        (
            "negative length", #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
            "header: an integer from 0 to 9223372036854775807 expected at byte 37"
        ),
        (
            "hole", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
            "tensor 'a': offset 66 leaves a hole or an overlap, 62 expected"
        ),
        (
            "overlap",
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4, "tensor 'b': offset 115 leaves a hole or an overlap, 119 expected"
        ),
        (
            "bytes that no tensor uses", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5,
            "the tensors end at byte 66, the file at byte 67"
        ),
        (
            "unknown type", #"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4,
            "tensor 'a': unknown dtype 'F31'"
        ),
        (
            "missing key", #"{"a":{"dtype":"F32","shape":[1]}}"#, 0,
            "tensor 'a': dtype, shape or data_offsets is missing"
        ),
        ("unknown key", #"{"a":{"stride":[1]}}"#, 0, "tensor 'a': unknown key 'stride'"),
        (
            "repeated tensor",
            #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
            0, "header: key 'a' occurs twice in one object at byte 65"
        ),
        (
            "repeated key", #"{"a":{"dtype":"F32","dtype":"F32"}}"#, 0,
            "header: key 'dtype' occurs twice in one object at byte 35"
        ),
        ("metadata that is no string", #"{"__metadata__":{"a":1}}"#, 0, "header: '\"' expected at byte 29"),
        ("no JSON", "{nonsense}", 0, "header: '\"' expected at byte 9"),
        ("trailing comma", #"{"__metadata__":{},}"#, 0, "header: '\"' expected at byte 27"),
        ("array", #"[1]"#, 0, "header: '{' expected at byte 8"),
        ("unfinished", #"{"a":{"dtype":"F32""#, 0, "header: '}' expected at byte 27"),
        ("text after the object", "{} x", 0, "header: the end of the header expected at byte 11"),
        (
            "too many axes",
            #"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, 4,
            "header: more than 16 numbers in an array at byte 69"
        ),
    ]

    @Test(arguments: malformed)
    func saysWhatIsWrong(row: (reason: String, header: String, dataSize: Int, message: String)) {
        #expect(throws: CheckpointError.malformed(detail: row.message), "\(row.reason)") {
            try reader(row.header, [UInt8](repeating: 0, count: row.dataSize))
        }
    }

    @Test(arguments: [
        (UInt64(100_000_001), "header length 100000001 exceeds the bound of 100000000 bytes"),
        (UInt64.max, "header length 18446744073709551615 exceeds the bound of 100000000 bytes"),
        (UInt64(3), "header: offset 8 + 3 bytes exceeds file size 10"),
    ])
    func hostileHeaderLength(length: UInt64, message: String) {
        #expect(throws: CheckpointError.malformed(detail: message)) { try reader("{}", length: length) }
    }

    @Test func deeplyNestedHeaderIsRefusedAtOnce() {
        let header = String(repeating: #"{"a":"#, count: 1_000_000)
        #expect(throws: CheckpointError.self) { try reader(header) }
    }
}
