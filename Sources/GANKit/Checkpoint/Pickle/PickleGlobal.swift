// SPDX-License-Identifier: Apache-2.0

/// What a pickle may import: a closed list. A name stands for itself, no code lies behind it; calling one makes a
/// plain value that records the call (`PickleMachine+Calls.swift`).
enum PickleGlobal: Sendable, Equatable {
    /// `_codecs.encode`: how protocol 2 writes bytes.
    case encode
    /// `bytes`: how protocol 2 writes empty bytes.
    case bytes
    case set
    case frozenset
    /// `collections.OrderedDict` and `dnnlib.util.EasyDict`: dictionaries for our purposes.
    case dictionary
    case numpyArrayType
    case numpyDType
    /// `numpy.core.multiarray._reconstruct`, the array made before its state arrives.
    case numpyArray
    /// `numpy.core.numeric._frombuffer`: an array as numpy writes it from protocol 5 on.
    case numpyBuffer
    case numpyScalar
    /// `torch._utils._rebuild_tensor_v2`
    case torchTensor
    /// `torch._utils._rebuild_parameter`, and `_rebuild_parameter_with_state`, whose state is not looked at.
    case torchParameter
    /// `torch.storage._load_from_bytes`
    case torchStorage
    /// `torch.FloatStorage` and its siblings.
    case torchStorageType(ElementType)
    /// `dnnlib.tflib.network.Network`: NVIDIA's networks before PyTorch.
    case tensorFlowNetwork
    /// `argparse.Namespace`: the command line that training scripts put beside the weights.
    case namespace
    /// `torch.Size` and `torch.device`: found beside weights, and of no use here.
    case inert
    /// `torch_utils.persistence._reconstruct_persistent_obj`: NVIDIA's modules. The source text they carry is data.
    case persistentObject

    /// Looks up `module.name`; nil when it is not on the list.
    init?(module: String, name: String) {
        guard let known = Self.known["\(module).\(name)"] else { return nil }
        self = known
    }

    private static let known: [String: PickleGlobal] = [
        "_codecs.encode": .encode,
        "__builtin__.bytes": .bytes,
        "builtins.bytes": .bytes,
        "__builtin__.set": .set,
        "builtins.set": .set,
        "__builtin__.frozenset": .frozenset,
        "builtins.frozenset": .frozenset,
        "collections.OrderedDict": .dictionary,
        "dnnlib.util.EasyDict": .dictionary,
        "numpy.ndarray": .numpyArrayType,
        "numpy.dtype": .numpyDType,
        "numpy.core.multiarray._reconstruct": .numpyArray,
        "numpy._core.multiarray._reconstruct": .numpyArray,
        "numpy.core.numeric._frombuffer": .numpyBuffer,
        "numpy._core.numeric._frombuffer": .numpyBuffer,
        "numpy.core.multiarray.scalar": .numpyScalar,
        "numpy._core.multiarray.scalar": .numpyScalar,
        "torch._utils._rebuild_tensor_v2": .torchTensor,
        "torch._utils._rebuild_parameter": .torchParameter,
        "torch._utils._rebuild_parameter_with_state": .torchParameter,
        "torch.storage._load_from_bytes": .torchStorage,
        "torch.FloatStorage": .torchStorageType(.float32),
        "torch.HalfStorage": .torchStorageType(.float16),
        "torch.BFloat16Storage": .torchStorageType(.bfloat16),
        "torch.DoubleStorage": .torchStorageType(.float64),
        "torch.LongStorage": .torchStorageType(.int64),
        "torch.IntStorage": .torchStorageType(.int32),
        "torch.ShortStorage": .torchStorageType(.int16),
        "torch.CharStorage": .torchStorageType(.int8),
        "torch.ByteStorage": .torchStorageType(.uint8),
        "torch.BoolStorage": .torchStorageType(.bool),
        "torch.Size": .inert,
        "torch.device": .inert,
        "argparse.Namespace": .namespace,
        "dnnlib.tflib.network.Network": .tensorFlowNetwork,
        "torch_utils.persistence._reconstruct_persistent_obj": .persistentObject,
    ]

    /// Names that say what kind of checkpoint this is, although it cannot be read.
    static let unsupported: [String: String] = [
        "tfutil.Network": "a network pickle of Progressive GAN, which is not supported"
    ]
}
