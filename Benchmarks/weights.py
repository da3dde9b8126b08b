# SPDX-License-Identifier: Apache-2.0
"""Checkpoints with random weights by recipe: as large as trained ones, and the same on every machine.

Elements are normally distributed, with the mean and the standard deviation of the recipe. They come from one drawn
sequence, which repeats; each tensor begins elsewhere in it. That takes a second where drawing each takes a minute.
"""

import array
import functools
import json
import math
import random
import struct
from dataclasses import dataclass
from pathlib import Path

# "channel_base" of NVIDIA's models by resolution.
CHANNEL_BASES = {256: 16384, 1024: 32768}
CHANNEL_MAX = 512
LATENT = 512  # zDim and wDim
MAPPING_LAYERS = 8
METADATA = {"architecture": "stylegan2", "block_architecture": "skip", "mapping_lr_multiplier": "0.01"}
SEQUENCE_LENGTH = 1_000_003  # a prime, so that rows of a matrix do not repeat
BYTES = 4  # of an element
FILTER = tuple(row * column / 64 for row in (1, 3, 3, 1) for column in (1, 3, 3, 1))


@dataclass(frozen=True)
class Recipe:
    shape: tuple[int, ...]
    scale: float = 1
    offset: float = 0

    @property
    def count(self) -> int:
        return math.prod(self.shape)


Recipes = dict[str, Recipe]


@functools.cache
def sequence() -> array.array:
    stream = random.Random(0)
    return array.array("f", (stream.gauss(0, 1) for _ in range(SEQUENCE_LENGTH)))


@functools.cache
def scaled_sequence(scale: float, offset: float) -> bytes:
    return array.array("f", (value * scale + offset for value in sequence())).tobytes()


def elements(name: str, recipe: Recipe, index: int) -> bytes:
    """Those of the tensor that is number `index` of its file."""
    if name.endswith("resample_filter"):
        return struct.pack("<16f", *FILTER)
    period = scaled_sequence(recipe.scale, recipe.offset)
    start = index * 7919 % SEQUENCE_LENGTH * BYTES
    length = recipe.count * BYTES
    repeats = (start + length) // len(period) + 1
    return (period * repeats)[start : start + length]


def fully_connected(name: str, inputs: int, outputs: int, scale: float = 1, offset: float = 0) -> Recipes:
    return {
        f"{name}.weight": Recipe((outputs, inputs), scale),
        f"{name}.bias": Recipe((outputs,), 0.2, offset),
    }


def convolution(name: str, resolution: int, inputs: int, outputs: int) -> Recipes:
    return {
        **fully_connected(f"{name}.affine", LATENT, inputs, offset=1),
        f"{name}.weight": Recipe((outputs, inputs, 3, 3)),
        f"{name}.bias": Recipe((outputs,), 0.2),
        f"{name}.noise_const": Recipe((resolution, resolution)),
        f"{name}.noise_strength": Recipe((), 0.1),
        f"{name}.resample_filter": Recipe((4, 4)),
    }


def block(resolution: int, inputs: int | None, channels: int) -> Recipes:
    name = f"synthesis.b{resolution}"
    recipes = convolution(f"{name}.conv1", resolution, channels, channels)
    if inputs is None:
        recipes[f"{name}.const"] = Recipe((channels, resolution, resolution))
    else:
        recipes |= convolution(f"{name}.conv0", resolution, inputs, channels)
    return recipes | {
        f"{name}.resample_filter": Recipe((4, 4)),
        **fully_connected(f"{name}.torgb.affine", LATENT, channels, offset=1),
        # Small enough that the sum over the blocks seldom leaves -1 to 1, beyond which all engines agree too easily.
        f"{name}.torgb.weight": Recipe((3, channels, 1, 1), 0.2),
        f"{name}.torgb.bias": Recipe((3,), 0.1),
    }


def generator(resolution: int) -> Recipes:
    """Every tensor, under the names of the official PyTorch state dict."""
    recipes = {"mapping.w_avg": Recipe((LATENT,), 0.1)}
    for index in range(MAPPING_LAYERS):
        # The mapping network stores its weights enlarged by 1 / mapping_lr_multiplier.
        recipes |= fully_connected(f"mapping.fc{index}", LATENT, LATENT, scale=100)
    inputs: int | None = None
    for size in (1 << power for power in range(2, resolution.bit_length())):
        channels = min(CHANNEL_BASES[resolution] // size, CHANNEL_MAX)
        recipes |= block(size, inputs, channels)
        inputs = channels
    return recipes


def write(path: Path, resolution: int) -> None:
    """Writes a safetensors file."""
    recipes = generator(resolution)
    header: dict[str, object] = {"__metadata__": {**METADATA, "name": f"random-{resolution}"}}
    end = 0
    for name, recipe in recipes.items():
        begin, end = end, end + recipe.count * BYTES
        header[name] = {"dtype": "F32", "shape": recipe.shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for index, (name, recipe) in enumerate(recipes.items()):
            file.write(elements(name, recipe, index))
