# SPDX-License-Identifier: Apache-2.0
"""A compact StyleGAN2 generator in PyTorch, written for speed on the CPU: what `faceserver` is compared with.

It takes the official parameter names, and makes the pictures of the official implementation in full precision, with
constant noise. What depends on weights alone is computed at load. Styles scale the activations and not the weights, so
that one convolution serves a whole batch. Axes: N batch, I input channels, O output channels, H height, W width.
"""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

Tensors = dict[str, Tensor]
GAIN = math.sqrt(2)  # of leaky ReLU


class FullyConnected(nn.Module):
    def __init__(self, tensors: Tensors, name: str, rate: float = 1.0, activates: bool = False) -> None:
        super().__init__()
        weight = tensors[f"{name}.weight"]
        self.register_buffer("weight", weight * (rate / math.sqrt(weight.shape[1])))
        self.register_buffer("bias", tensors[f"{name}.bias"] * rate)
        self.activates = activates

    def forward(self, x: Tensor) -> Tensor:
        x = functional.linear(x, self.weight, self.bias)
        return functional.leaky_relu(x, 0.2) * GAIN if self.activates else x


class Mapping(nn.Module):
    """z [N, zDim] to w [N, wDim]."""

    def __init__(self, tensors: Tensors, psi: float) -> None:
        super().__init__()
        count = sum(name.startswith("mapping.fc") and name.endswith(".weight") for name in tensors)
        names = [f"mapping.fc{index}" for index in range(count)]
        self.layers = nn.Sequential(*(FullyConnected(tensors, name, rate=0.01, activates=True) for name in names))
        self.register_buffer("w_avg", tensors["mapping.w_avg"])
        self.psi = psi

    def forward(self, z: Tensor) -> Tensor:
        w = self.layers(z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt())
        return self.w_avg + (w - self.w_avg) * self.psi


def low_pass_filter(channels: int) -> Tensor:
    """The [1, 3, 3, 1] low-pass of up-sampling, for a convolution channel by channel: [channels, 1, 4, 4]."""
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4
    return torch.outer(taps, taps).repeat(channels, 1, 1, 1)


class SynthesisLayer(nn.Module):
    """x [N, I, H, W] to [N, O, H, W], or [N, O, 2H, 2W] where it up-samples."""

    def __init__(self, tensors: Tensors, name: str, upsamples: bool) -> None:
        super().__init__()
        weight = tensors[f"{name}.weight"]  # [O, I, 3, 3]
        # Demodulation undoes any scale of an output channel's weights; this one keeps the numbers near 1.
        weight = weight * weight.square().mean([1, 2, 3], keepdim=True).rsqrt()
        self.affine = FullyConnected(tensors, f"{name}.affine")
        self.register_buffer("energy", weight.square().sum([2, 3]))  # [O, I]
        self.register_buffer("weight", weight.transpose(0, 1).contiguous() if upsamples else weight)
        # The gain of the activation goes into what is added and multiplied before it.
        self.register_buffer("noise", tensors[f"{name}.noise_const"] * tensors[f"{name}.noise_strength"] * GAIN)
        self.register_buffer("bias", tensors[f"{name}.bias"][:, None, None] * GAIN)
        self.upsamples = upsamples
        if upsamples:
            self.channels = weight.shape[0]
            self.register_buffer("filter", low_pass_filter(self.channels))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        styles = self.affine(w)  # [N, I]
        demodulation = (functional.linear(styles.square(), self.energy) + 1e-8).rsqrt() * GAIN  # [N, O]
        x = x * styles[:, :, None, None]
        if self.upsamples:
            x = functional.conv_transpose2d(x, self.weight, stride=2)  # [N, O, 2H + 1, 2W + 1]
            x = functional.conv2d(x, self.filter, padding=1, groups=self.channels)
        else:
            x = functional.conv2d(x, self.weight, padding=1)
        x = x.mul_(demodulation[:, :, None, None]).add_(self.noise).add_(self.bias)
        return functional.leaky_relu_(x, 0.2)


class ToRGB(nn.Module):
    """x [N, I, H, W] to [N, 3, H, W]."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        super().__init__()
        weight = tensors[f"{name}.weight"]  # [3, I, 1, 1]
        self.affine = FullyConnected(tensors, f"{name}.affine")
        self.register_buffer("weight", weight / math.sqrt(weight.shape[1]))
        self.register_buffer("bias", tensors[f"{name}.bias"])

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return functional.conv2d(x * self.affine(w)[:, :, None, None], self.weight, self.bias)


class Block(nn.Module):
    layer: type[nn.Module] = SynthesisLayer
    to_rgb: type[nn.Module] = ToRGB

    def __init__(self, tensors: Tensors, name: str, is_first: bool) -> None:
        super().__init__()
        self.is_first = is_first
        if is_first:
            self.register_buffer("const", tensors[f"{name}.const"][None].clone())
        else:
            self.conv0 = self.layer(tensors, f"{name}.conv0", upsamples=True)
            self.register_buffer("image_filter", low_pass_filter(3))
        self.conv1 = self.layer(tensors, f"{name}.conv1", upsamples=False)
        self.torgb = self.to_rgb(tensors, f"{name}.torgb")

    def forward(self, x: Tensor | None, image: Tensor | None, w: Tensor) -> tuple[Tensor, Tensor]:
        x = self.const.expand(w.shape[0], -1, -1, -1) if self.is_first else self.conv0(x, w)
        x = self.conv1(x, w)
        rgb = self.torgb(x, w)
        if not self.is_first:
            rgb = rgb + self.upsampled(image)
        return x, rgb

    def upsampled(self, image: Tensor) -> Tensor:
        """[N, 3, H, W] to [N, 3, 2H, 2W]."""
        return functional.conv_transpose2d(image, self.image_filter, stride=2, padding=1, groups=3)


class Generator(nn.Module):
    """z [N, zDim] to images [N, 3, H, W], about -1 to 1."""

    block: type[nn.Module] = Block

    def __init__(self, tensors: Tensors, psi: float) -> None:
        super().__init__()
        self.z_dim = tensors["mapping.fc0.weight"].shape[1]
        resolutions = sorted({int(name.split(".")[1][1:]) for name in tensors if name.startswith("synthesis.b")})
        self.mapping = Mapping(tensors, psi)
        self.blocks = nn.ModuleList(
            self.block(tensors, f"synthesis.b{resolution}", is_first=resolution == 4) for resolution in resolutions
        )

    def forward(self, z: Tensor) -> Tensor:
        w = self.mapping(z)
        x = image = None
        for block in self.blocks:
            x, image = block(x, image, w)
        return image


def load(path: Path, psi: float, kind: type[Generator] = Generator) -> Generator:
    from safetensors.torch import load_file

    return kind(load_file(path), psi).eval().requires_grad_(False)


def export(generator: Generator, path: Path, batch: int) -> None:
    """Writes the ONNX graph for batches of that size."""
    z = torch.zeros(batch, generator.z_dim)
    with torch.inference_mode():
        torch.onnx.export(
            generator, (z,), str(path), input_names=["z"], output_names=["image"], opset_version=17, dynamo=False
        )
