#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores pictures with StyleGAN2 discriminators, in float64 and by the definitions, as a yardstick for ours.

  make_discriminator_fixtures.py GOLDEN_DIR OUT.tar.xz

Needs numpy alone. The network is that of Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (2020) with
the alignment of filters of the official PyTorch implementation.

- From the folders in PICKLES it packs each network pickle with the weights of all networks but `D` set to zero, so that they
  compress away, and `expected.json`: the scores of the pictures `numpy.random.RandomState(seed).randn(C, H, W) * 0.5`.
- It prints the same for networks whose weights are a recipe, for the table in DiscriminatorTests.swift: of the tensors in the
  order of their names, number n is `RandomState(100 + n).randn(*shape)`, biases times 0.1.
"""
import argparse
import collections
import io
import json
import lzma
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np

from pack_golden import zero_networks

PICKLES = ["ada-c-cond-32", "ada-d-clamp-32", "ada-e-resnet-32", "sg3-t-64"]


# -- reading pickles ------------------------------------------------------------------------------------------------


class _Anything:
    def __init__(self, *args, **kwargs):
        pass

    def __setstate__(self, state):
        pass


class _Storage(pickle.Unpickler):
    """The parts of a legacy torch.save stream."""

    def persistent_load(self, pid):
        return pid

    def find_class(self, module, name):
        return name


def _storage(data: bytes) -> np.ndarray:
    stream = io.BytesIO(data)
    parts = [_Storage(stream).load() for _ in range(5)]
    (count,) = struct.unpack("<q", stream.read(8))
    kind = {"FloatStorage": "<f4", "HalfStorage": "<f2", "DoubleStorage": "<f8", "LongStorage": "<i8"}[parts[3][1]]
    return np.frombuffer(stream.read(), kind, count)


def _tensor(storage, offset, size, stride, *rest):
    steps = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, steps).copy()


class _Networks(pickle.Unpickler):
    """Networks as dictionaries, without running any of their code."""

    known = {
        "_reconstruct_persistent_obj": lambda meta: meta,
        "_load_from_bytes": _storage,
        "_rebuild_tensor_v2": _tensor,
        "_rebuild_parameter": lambda tensor, *rest: tensor,
        "OrderedDict": collections.OrderedDict,
        "EasyDict": type("EasyDict", (dict,), {}),
        "dtype": np.dtype,
        "scalar": lambda dtype, data: np.frombuffer(data, dtype)[0],
        "encode": lambda text, encoding: text.encode(encoding),
        "set": set,
    }

    def find_class(self, module, name):
        return self.known.get(name, _Anything)


def flatten(module, path="", tensors=None, attributes=None):
    """Tensors and attributes of a module and all within it, by their full names."""
    tensors = {} if tensors is None else tensors
    attributes = {} if attributes is None else attributes
    state = module["state"]
    attributes[path] = state
    join = lambda name: f"{path}.{name}" if path else name
    for kind in ("_parameters", "_buffers"):
        tensors.update({join(name): value for name, value in state[kind].items() if value is not None})
    for name, child in state["_modules"].items():
        if child is not None:
            flatten(child, join(name), tensors, attributes)
    return tensors, attributes


# -- the network ----------------------------------------------------------------------------------------------------


def lrelu(x):
    return np.where(x < 0, 0.2 * x, x) * np.sqrt(2)


def correlate(x, w, stride=1):
    """x [I, H, W] with w [O, I, k, k], no padding."""
    k = w.shape[2]
    height, width = (x.shape[1] - k) // stride + 1, (x.shape[2] - k) // stride + 1
    y = np.zeros((w.shape[0], height, width))
    for a in range(k):
        for b in range(k):
            part = x[:, a : a + stride * (height - 1) + 1 : stride, b : b + stride * (width - 1) + 1 : stride]
            y += np.einsum("oi,ihw->ohw", w[:, :, a, b], part)
    return y


def low_pass(x, f, before, after, step=1):
    """Each channel of x, with zeros around, convolved with f; every `step`th pixel of it."""
    x = np.pad(x, ((0, 0), (before, after), (before, after)))
    f = f[::-1, ::-1]
    size = f.shape[0]
    height, width = x.shape[1] - size + 1, x.shape[2] - size + 1
    y = sum(f[a, b] * x[:, a : a + height, b : b + width] for a in range(size) for b in range(size))
    return y[:, ::step, ::step]


class Discriminator:
    def __init__(self, tensors, architecture, clamp):
        self.t = {name: value.astype(np.float64) for name, value in tensors.items()}
        self.architecture, self.clamp = architecture, clamp
        self.resolution = max(int(name[1:].split(".")[0]) for name in tensors if name.startswith("b"))

    def conv(self, x, name, down=1, gain=1.0, clamped=True):
        w = self.t[f"{name}.weight"]
        k = w.shape[2]
        w = w / np.sqrt(w.shape[1] * k * k)
        pad = k // 2
        if down == 1:
            x = correlate(np.pad(x, ((0, 0), (pad, pad), (pad, pad))), w)
        else:
            f = self.t[f"{name}.resample_filter"]
            size = f.shape[0]
            before, after = pad + (size - 1) // 2, pad + (size - 2) // 2
            x = correlate(low_pass(x, f, before, after, 2), w) if k == 1 else correlate(low_pass(x, f, before, after), w, 2)
        if f"{name}.bias" not in self.t:
            return x * gain
        x = lrelu(x + self.t[f"{name}.bias"][:, None, None]) * gain
        return np.clip(x, -self.clamp * gain, self.clamp * gain) if self.clamp and clamped else x

    def fc(self, x, name, multiplier=1.0, linear=False):
        w = self.t[f"{name}.weight"]
        y = w @ x * multiplier / np.sqrt(w.shape[1]) + self.t[f"{name}.bias"] * multiplier
        return y if linear else lrelu(y)

    def score(self, image, label=None):
        x, resolution = None, self.resolution
        while resolution > 4:
            name = f"b{resolution}"
            if x is None or self.architecture == "skip":
                y = self.conv(image, f"{name}.fromrgb")
                x = y if x is None else x + y
            if self.architecture == "skip":
                f = self.t[f"{name}.resample_filter"]
                image = low_pass(image, f, (f.shape[0] - 1) // 2, (f.shape[0] - 2) // 2, 2)
            if self.architecture == "resnet":
                y = self.conv(x, f"{name}.skip", down=2, gain=np.sqrt(0.5))
                x = self.conv(self.conv(x, f"{name}.conv0"), f"{name}.conv1", down=2, gain=np.sqrt(0.5)) + y
            else:
                x = self.conv(self.conv(x, f"{name}.conv0"), f"{name}.conv1", down=2)
            resolution //= 2
        if self.architecture == "skip":
            x = x + self.conv(image, "b4.fromrgb", clamped=False)
        # The standard deviation over a group of one.
        extra = self.t["b4.conv.weight"].shape[1] - x.shape[0]
        x = np.concatenate([x, np.full((extra, 4, 4), np.sqrt(1e-8))])
        x = self.fc(self.fc(self.conv(x, "b4.conv").ravel(), "b4.fc"), "b4.out", linear=True)
        if label is None:
            return float(x[0])
        one_hot = np.zeros(self.t["mapping.embed.weight"].shape[1])
        one_hot[label] = 1
        c = self.fc(one_hot, "mapping.embed", linear=True)
        c = c / np.sqrt(np.mean(c * c) + 1e-8)
        layer = 0
        while f"mapping.fc{layer}.weight" in self.t:
            c = self.fc(c, f"mapping.fc{layer}", 0.01)
            layer += 1
        return float(x @ c / np.sqrt(len(c)))


def picture(seed, channels, resolution):
    noise = np.random.RandomState(seed).randn(channels, resolution, resolution)
    return (noise.astype(np.float32) * np.float32(0.5)).astype(np.float64)


# -- fixtures -------------------------------------------------------------------------------------------------------


def scores(path: Path):
    tensors, attributes = flatten(_Networks(io.BytesIO(path.read_bytes())).load()["D"])
    root = attributes[""]
    block = attributes[f"b{root['img_resolution']}"]
    network = Discriminator(tensors, block["architecture"], attributes["b4.conv"]["conv_clamp"])
    for seed in (0, 1):
        for label in (0, 7) if root["c_dim"] else (None,):
            score = network.score(picture(seed, root["img_channels"], root["img_resolution"]), label)
            yield {"seed": seed, "class": label, "score": score}


def recipe(architecture, resolution=16, channels=(5, 6, 7), colours=3, classes=0, clamp=None):
    """Shapes of a small network: channels are those of the inputs of 16x16, 8x8 and 4x4."""
    shapes, sizes = {}, [resolution >> n for n in range(len(channels) - 1)]
    for n, size in enumerate(sizes):
        inputs, outputs = channels[n], channels[n + 1]
        shapes[f"b{size}.resample_filter"] = (4, 4)
        if n == 0 or architecture == "skip":
            shapes |= {f"b{size}.fromrgb.weight": (inputs, colours, 1, 1), f"b{size}.fromrgb.bias": (inputs,)}
        shapes |= {f"b{size}.conv0.weight": (inputs, inputs, 3, 3), f"b{size}.conv0.bias": (inputs,)}
        shapes |= {f"b{size}.conv1.weight": (outputs, inputs, 3, 3), f"b{size}.conv1.bias": (outputs,)}
        shapes[f"b{size}.conv1.resample_filter"] = (4, 4)
        if architecture == "resnet":
            shapes |= {f"b{size}.skip.weight": (outputs, inputs, 1, 1), f"b{size}.skip.resample_filter": (4, 4)}
    last, out = channels[-1], 4 if classes else 1
    if architecture == "skip":
        shapes |= {"b4.fromrgb.weight": (last, colours, 1, 1), "b4.fromrgb.bias": (last,)}
    shapes |= {"b4.conv.weight": (last, last + 1, 3, 3), "b4.conv.bias": (last,)}
    shapes |= {"b4.fc.weight": (last, last * 16), "b4.fc.bias": (last,), "b4.out.weight": (out, last), "b4.out.bias": (out,)}
    if classes:
        shapes |= {"mapping.embed.weight": (4, classes), "mapping.embed.bias": (4,)}
        shapes |= {"mapping.fc0.weight": (4, 4), "mapping.fc0.bias": (4,)}
    tensors = {}
    for n, name in enumerate(sorted(shapes)):
        values = np.random.RandomState(100 + n).randn(*shapes[name]) * (0.1 if name.endswith("bias") else 1)
        tensors[name] = values.astype(np.float32)
        if name.endswith("resample_filter"):
            taps = np.array([1, 3, 3, 1]) / 8
            tensors[name] = np.outer(taps, taps)
    network = Discriminator(tensors, architecture, clamp)
    return network.score(picture(3, colours, resolution), 2 if classes else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("golden", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    for arguments in (
        dict(architecture="skip"),
        dict(architecture="orig"),
        dict(architecture="resnet"),
        dict(architecture="skip", colours=1),
        dict(architecture="skip", clamp=0.6),
        dict(architecture="resnet", clamp=0.6),
        dict(architecture="orig", classes=5),
        dict(architecture="resnet", resolution=64, channels=(18, 20, 33, 34, 17)),
    ):
        print(arguments, repr(recipe(**arguments)))
    members = {}
    for folder in PICKLES:
        path = args.golden / folder / "network.pkl"
        members[f"{folder}.pkl"] = zero_networks(path.read_bytes(), keep={"D"})
        members[f"{folder}.json"] = json.dumps(list(scores(path))).encode()
    with lzma.open(args.out, "wb", preset=9) as xz, tarfile.open(fileobj=xz, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o644
            tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
