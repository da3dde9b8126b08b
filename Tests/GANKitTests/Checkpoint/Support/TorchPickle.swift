// SPDX-License-Identifier: Apache-2.0

/// What PyTorch and NVIDIA's persistence layer put into a pickle.
enum TorchPickle {
    /// The parts of a legacy torch.save stream, each of which a test may spoil.
    struct Storage {
        var magic: PythonObject = .raw([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
        var version: PythonObject = .int(1001)
        var system: PythonObject = .dict([("protocol_version", .int(1001)), ("little_endian", .bool(true))])
        var type = "FloatStorage"
        var location = "cpu"
        var key = "94000000000001"
        var keys: [String]?
        var announcedCount: Int?
        var count: Int
        var view: PythonObject = .none
        var data: [UInt8]

        init(type: String = "FloatStorage", count: Int, data: [UInt8]) {
            self.type = type
            self.count = count
            self.data = data
        }

        init(_ elements: [Float]) {
            self.init(count: elements.count, data: elements.flatMap { [UInt8](littleEndian: $0.bitPattern) })
        }

        var stream: [UInt8] {
            let identifier = PythonObject.tuple([
                .string("storage"), .global("torch", type), .string(key), .string(location),
                .int(announcedCount ?? count), view,
            ])
            let pickles: [PythonObject] = [
                magic, version, system, .persistentID(identifier), .list((keys ?? [key]).map { .string($0) }),
            ]
            return pickles.flatMap { $0.pickled(protocol: 2) } + [UInt8](littleEndian: Int64(count)) + data
        }

        var object: PythonObject {
            .reduce(.global("torch.storage", "_load_from_bytes"), [.bytes(stream)])
        }
    }

    /// `torch._utils._rebuild_tensor_v2`
    static func tensor(_ storage: PythonObject, offset: Int = 0, shape: [Int], strides: [Int]) -> PythonObject {
        .reduce(
            .global("torch._utils", "_rebuild_tensor_v2"),
            [
                storage, .int(offset), .tuple(shape.map { .int($0) }), .tuple(strides.map { .int($0) }), .bool(false),
                orderedDict,
            ])
    }

    /// A contiguous `torch.nn.Parameter`.
    static func parameter(_ shape: [Int], _ elements: [Float]) -> PythonObject {
        let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        let tensor = tensor(Storage(elements).object, shape: shape, strides: strides)
        return .reduce(.global("torch._utils", "_rebuild_parameter"), [tensor, .bool(true), orderedDict])
    }

    static let orderedDict = PythonObject.reduce(.global("collections", "OrderedDict"), [])

    /// A module as `torch_utils.persistence` pickles it.
    static func module(
        _ className: String,
        parameters: [(String, PythonObject)] = [],
        buffers: [(String, PythonObject)] = [],
        modules: [(String, PythonObject)] = [],
        attributes: [(String, PythonObject)] = []
    ) -> PythonObject {
        let state: [(String, PythonObject)] =
            [
                ("training", .bool(false)), ("_parameters", .dict(parameters)), ("_buffers", .dict(buffers)),
                ("_forward_hooks", orderedDict), ("_modules", .dict(modules)),
            ] + attributes
        return .reduce(
            .global("torch_utils.persistence", "_reconstruct_persistent_obj"),
            [
                .dict([
                    ("type", .string("class")), ("version", .int(6)), ("module_src", .string("import os")),
                    ("class_name", .string(className)), ("state", .dict(state)),
                ])
            ])
    }

    /// A generator of one block and one mapping layer, of which each argument replaces a part.
    static func generator(
        blockAttributes: [(String, PythonObject)] = [("architecture", .string("skip"))],
        layerAttributes: [(String, PythonObject)] = [("activation", .string("lrelu")), ("conv_clamp", .none)],
        mappingAttributes: [(String, PythonObject)] = [("activation", .string("lrelu")), ("bias_gain", .double(0.01))],
        weight: PythonObject = parameter([2, 2], [1, 2, 3, 4]),
        rootClass: String = "Generator"
    ) -> PythonObject {
        let layer = module(
            "SynthesisLayer", parameters: [("weight", weight), ("bias", .none)],
            buffers: [("noise_const", parameter([1], [0.5]))], attributes: layerAttributes)
        let block = module("SynthesisBlock", modules: [("conv1", layer)], attributes: blockAttributes)
        let mapping = module(
            "FullyConnectedLayer", parameters: [("weight", parameter([1, 4], [1, 2, 3, 4]))],
            attributes: mappingAttributes)
        return module(
            rootClass,
            modules: [
                ("synthesis", module("SynthesisNetwork", modules: [("b4", block)])),
                ("mapping", module("MappingNetwork", modules: [("fc0", mapping), ("embed", .none)])),
            ])
    }

    /// The file around a generator.
    static func file(_ generator: PythonObject = generator()) -> [UInt8] {
        PythonObject.dict([("training_set_kwargs", .none), ("G_ema", generator)]).pickled()
    }
}
