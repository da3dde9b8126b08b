# SPDX-License-Identifier: Apache-2.0
"""The generator of stylegan2.py with the operations of the official implementation, one after the other: what a checkpoint
costs as it is run every day.

Weights are normalised in each pass, the low-pass after up-sampling is its own separable operation on a map of full size, the
image is up-sampled by zeros between its pixels, and noise, bias, activation and gain are passes of their own. Axes as there.
"""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

import stylegan2
from stylegan2 import GAIN, FullyConnected, Tensors


def low_pass(x: Tensor) -> Tensor:
    """[..., H + 3, W + 3] to [..., H, W], by [1, 3, 3, 1] / 4 along both axes."""
    x = (x[..., :-3] + x[..., 3:]) * 0.25 + (x[..., 1:-2] + x[..., 2:-1]) * 0.75
    return (x[..., :-3, :] + x[..., 3:, :]) * 0.25 + (x[..., 1:-2, :] + x[..., 2:-1, :]) * 0.75


class SynthesisLayer(nn.Module):
    """x [N, I, H, W] to [N, O, H, W], or [N, O, 2H, 2W] where it up-samples."""

    def __init__(self, tensors: Tensors, name: str, upsamples: bool) -> None:
        super().__init__()
        self.affine = FullyConnected(tensors, f"{name}.affine")
        for tensor in ("weight", "bias", "noise_const", "noise_strength"):
            self.register_buffer(tensor, tensors[f"{name}.{tensor}"])
        self.upsamples = upsamples

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        styles = self.affine(w)  # [N, I]
        weight = self.weight * self.weight.square().mean([1, 2, 3], keepdim=True).rsqrt()  # [O, I, 3, 3]
        energy = weight.square().sum([2, 3])  # [O, I]
        demodulation = (functional.linear(styles.square(), energy) + 1e-8).rsqrt()  # [N, O]
        x = x * styles[:, :, None, None]
        if self.upsamples:
            x = functional.conv_transpose2d(x, weight.transpose(0, 1), stride=2)  # [N, O, 2H + 1, 2W + 1]
            x = low_pass(functional.pad(x, [1, 1, 1, 1]))
        else:
            x = functional.conv2d(x, weight, padding=1)
        x = x * demodulation[:, :, None, None]
        x = x + self.noise_const * self.noise_strength
        return functional.leaky_relu(x + self.bias[:, None, None], 0.2) * GAIN


class ToRGB(nn.Module):
    """x [N, I, H, W] to [N, 3, H, W]."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        super().__init__()
        self.affine = FullyConnected(tensors, f"{name}.affine")
        self.register_buffer("weight", tensors[f"{name}.weight"])  # [3, I, 1, 1]
        self.register_buffer("bias", tensors[f"{name}.bias"])

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        styles = self.affine(w) / math.sqrt(self.weight.shape[1])
        return functional.conv2d(x * styles[:, :, None, None], self.weight) + self.bias[:, None, None]


class Block(stylegan2.Block):
    layer = SynthesisLayer
    to_rgb = ToRGB

    def upsampled(self, image: Tensor) -> Tensor:
        batch, channels, height, width = image.shape
        spread = torch.zeros(batch, channels, height, 2, width, 2)
        spread[:, :, :, 0, :, 0] = image
        return low_pass(functional.pad(spread.reshape(batch, channels, 2 * height, 2 * width), [2, 1, 2, 1]))


class Generator(stylegan2.Generator):
    block = Block


def load(path: Path, psi: float) -> Generator:
    return stylegan2.load(path, psi, Generator)
