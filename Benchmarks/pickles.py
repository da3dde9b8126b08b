# SPDX-License-Identifier: Apache-2.0
"""Network pickles as NVIDIA's stylegan2-ada-pytorch writes them, with the random weights of weights.py.

Nothing of PyTorch is needed: the classes and functions that a pickle names are made up here, since only their names go
into it.
"""

import math
import pickle
import struct
import sys
import types
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import weights

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
MODULE_SOURCE = "# " + "the code of the network " * 1500  # about as long as NVIDIA's


def named(module: str, name: str) -> Callable[..., None]:
    """Something that pickles as `module.name`."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))

    def function(*_: Any) -> None:
        raise RuntimeError("only the name matters")

    function.__module__, function.__name__, function.__qualname__ = module, name, name
    setattr(sys.modules[module], name, function)
    return function


PERSISTENT = named("torch_utils.persistence", "_reconstruct_persistent_obj")
TENSOR = named("torch._utils", "_rebuild_tensor_v2")
PARAMETER = named("torch._utils", "_rebuild_parameter")
STORAGE = named("torch.storage", "_load_from_bytes")


class Call:
    """Pickles as a call."""

    def __init__(self, function: Callable[..., None], *arguments: Any) -> None:
        self.value = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Any, ...]]:
        return self.value


def storage(elements: bytes, key: int) -> bytes:
    """The stream of torch.save before PyTorch 1.6, in which storages lie in pickles to this day."""
    count = len(elements) // weights.BYTES
    text = str(94000000000000 + key).encode()
    system = dict(protocol_version=PROTOCOL_VERSION, little_endian=True, type_sizes=dict(short=2, int=4, long=4))
    identifier = (
        b"\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX" + struct.pack("<I", len(text)) + text
        + b"X\x06\0\0\0cuda:0J" + struct.pack("<i", count) + b"NtQ."
    )
    keys = b"\x80\x02]X" + struct.pack("<I", len(text)) + text + b"a."
    return (
        b"".join(pickle.dumps(item, protocol=2) for item in (MAGIC, PROTOCOL_VERSION, system))
        + identifier + keys + struct.pack("<q", count) + elements
    )


def tensor(name: str, recipe: weights.Recipe, index: int) -> Call:
    strides = tuple(math.prod(recipe.shape[axis + 1 :]) for axis in range(len(recipe.shape)))
    blob = storage(weights.elements(name, recipe, index), index)
    return Call(TENSOR, Call(STORAGE, blob), 0, tuple(recipe.shape), strides, False, OrderedDict())


BUFFERS = ("w_avg", "noise_const", "resample_filter")


def class_of(path: str) -> tuple[str, dict[str, Any]]:
    """The class of a module and what its attributes say."""
    last = path.rsplit(".", 1)[-1]
    if not path:
        return "Generator", {"z_dim": weights.LATENT, "w_dim": weights.LATENT}
    if last.startswith("fc"):
        return "FullyConnectedLayer", {"activation": "lrelu", "bias_gain": 0.01}
    if last == "affine":
        return "FullyConnectedLayer", {"activation": "linear", "bias_gain": 1}
    if last.startswith("conv"):
        return "SynthesisLayer", {"activation": "lrelu", "conv_clamp": None}
    if last == "torgb":
        return "ToRGBLayer", {"conv_clamp": None}
    if last.startswith("b"):
        return "SynthesisBlock", {"architecture": "skip"}
    return {"mapping": "MappingNetwork", "synthesis": "SynthesisNetwork"}[last], {}


def network(recipes: weights.Recipes, root: str = "Generator") -> Call:
    """The tree of modules that the dots of the names make."""
    tree: dict[str, Any] = {}
    for index, (name, recipe) in enumerate(recipes.items()):
        *path, own = name.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[own] = (name, recipe, index)

    def module(path: str, content: dict[str, Any]) -> Call:
        name, attributes = class_of(path)
        own = {key: tensor(*value) for key, value in content.items() if isinstance(value, tuple)}
        inner = {key: value for key, value in content.items() if isinstance(value, dict)}
        state = {
            "training": False,
            "_parameters": OrderedDict((k, Call(PARAMETER, t, True, OrderedDict())) for k, t in own.items() if k not in BUFFERS),
            "_buffers": OrderedDict((k, t) for k, t in own.items() if k in BUFFERS),
            "_modules": OrderedDict((k, module(f"{path}.{k}" if path else k, v)) for k, v in inner.items()),
            **attributes,
        }
        meta = dict(type="class", version=6, module_src=MODULE_SOURCE, class_name=name if path else root, state=state)
        return Call(PERSISTENT, meta)

    return module("", tree)


def write(path: Path, resolution: int, protocol: int) -> None:
    """G, D and G_ema: D as large as the others, which is about so."""
    recipes = weights.generator(resolution)
    networks = dict(
        training_set_kwargs=None, G=network(recipes), D=network(recipes, root="Discriminator"), G_ema=network(recipes),
        augment_pipe=None,
    )
    with path.open("wb") as file:
        pickle.dump(networks, file, protocol=protocol)
