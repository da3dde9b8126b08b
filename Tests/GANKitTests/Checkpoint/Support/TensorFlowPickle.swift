// SPDX-License-Identifier: Apache-2.0

/// What NVIDIA's TensorFlow code puts into a pickle.
enum TensorFlowPickle {
    /// `numpy.ndarray` of float32 in C order.
    static func array(_ shape: [Int], _ elements: [Float], fortran: Bool = false, bytes: PythonObject? = nil)
        -> PythonObject
    {
        let object = PythonObject.reduce(
            .global("numpy.core.multiarray", "_reconstruct"),
            [.global("numpy", "ndarray"), .tuple([.int(0)]), .bytes([0x62])])
        let data = bytes ?? .bytes(elements.flatMap { [UInt8](littleEndian: $0.bitPattern) })
        return build(object, .tuple([.int(1), .tuple(shape.map { .int($0) }), dtype("f4"), .bool(fortran), data]))
    }

    static func dtype(_ code: String, order: String = "<") -> PythonObject {
        build(
            .reduce(.global("numpy", "dtype"), [.string(code), .bool(false), .bool(true)]),
            .tuple([.int(3), .string(order), .none, .none, .none, .int(-1), .int(-1), .int(0)]))
    }

    /// `numpy.float32`
    static func scalar(_ value: Float) -> PythonObject {
        .reduce(
            .global("numpy.core.multiarray", "scalar"), [dtype("f4"), .bytes([UInt8](littleEndian: value.bitPattern))])
    }

    /// `object.__setstate__(state)`
    static func build(_ object: PythonObject, _ state: PythonObject) -> PythonObject {
        .raw(inner(object) + inner(state) + [0x62])
    }

    static func network(
        _ function: String, arguments: [(String, PythonObject)] = [], variables: [(String, PythonObject)] = [],
        components: [(String, PythonObject)] = [], version: Int = 4
    ) -> PythonObject {
        // Class, EMPTY_TUPLE, NEWOBJ
        let object = PythonObject.raw(inner(.global("dnnlib.tflib.network", "Network")) + [0x29, 0x81])
        return build(
            object,
            .dict([
                ("version", .int(version)), ("name", .string(function)), ("static_kwargs", .dict(arguments)),
                ("components", .dict(components)), ("build_module_src", .string("import os")),
                ("build_func_name", .string(function)),
                ("variables", .list(variables.map { .tuple([.string($0.0), $0.1]) })),
            ]))
    }

    /// Variables of the given shapes, whose elements count up.
    static func variables(_ shapes: [(String, [Int])]) -> [(String, PythonObject)] {
        shapes.map { name, shape in (name, array(shape, (0..<shape.reduce(1, *)).map { Float($0) })) }
    }

    /// A StyleGAN2 generator of 4x4 pixels with one channel and w of one element.
    static func styleGAN2(
        arguments: [(String, PythonObject)] = [], function: String = "G_synthesis_stylegan2",
        extra: [(String, PythonObject)] = [], own: [(String, PythonObject)]? = nil
    ) -> PythonObject {
        network(
            "G_main", arguments: arguments,
            variables: own ?? ([("lod", scalar(0))] + variables([("dlatent_avg", [1])])),
            components: [
                (
                    "synthesis",
                    network(
                        function,
                        variables: variables([
                            ("noise0", [1, 1, 4, 4]), ("4x4/Const/const", [1, 1, 4, 4]),
                            ("4x4/Conv/weight", [3, 3, 1, 1]),
                            ("4x4/Conv/mod_weight", [1, 1]), ("4x4/Conv/mod_bias", [1]), ("4x4/Conv/bias", [1]),
                            ("4x4/ToRGB/weight", [1, 1, 1, 3]), ("4x4/ToRGB/mod_weight", [1, 1]),
                            ("4x4/ToRGB/mod_bias", [1]), ("4x4/ToRGB/bias", [3]),
                        ]) + [("4x4/Conv/noise_strength", scalar(0.5))] + extra)
                ),
                (
                    "mapping",
                    network("G_mapping", variables: variables([("Dense0/weight", [2, 1]), ("Dense0/bias", [1])]))
                ),
            ])
    }

    /// The file around Gs.
    static func file(_ network: PythonObject = styleGAN2()) -> [UInt8] {
        let other = self.network("D_stylegan2")
        return PythonObject.tuple([other, other, network]).pickled(protocol: 4)
    }

    /// The opcodes of an object without PROTO and STOP.
    private static func inner(_ object: PythonObject) -> [UInt8] {
        Array(object.pickled().dropFirst(2).dropLast())
    }
}
