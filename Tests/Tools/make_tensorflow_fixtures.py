#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes small TensorFlow checkpoints with random weights and what TensorFlow makes of them.

  python3 -m venv /tmp/tensorflow && /tmp/tensorflow/bin/pip install tensorflow-cpu
  /tmp/tensorflow/bin/python Tests/Tools/make_tensorflow_fixtures.py Tests/Fixtures

face-generator/   a DCGAN under the variable names of gsurma/face_generator, by tf.train.Saver
stylegan/         StyleGAN network pickles, unfused and fused up-sampling, same weights

The networks are written down here from the papers and from descriptions of the formats, with the operations that those
name: `conv2d_transpose` with "SAME", a fused up-sampling filter, an explicit blur.
"""
import json
import pickle
import struct
import sys
import types
from pathlib import Path

import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()


def write_safetensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    types_ = {np.dtype("f4"): "F32", np.dtype("f8"): "F64", np.dtype("u1"): "U8"}
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = np.ascontiguousarray(tensor).tobytes()
        header[name] = dict(dtype=types_[tensor.dtype], shape=tensor.shape, data_offsets=[len(body), len(body) + len(data)])
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


# face-generator: a DCGAN

Z, SIDE, CHANNELS = 20, 4, [32, 16, 12, 8]
KERNEL, SLOPE, EPSILON = 5, 0.2, 5e-5


def face_generator(out: Path) -> None:
    random = np.random.RandomState(2024)
    variables = {}

    def variable(name, shape, scale=1.0, offset=0.0):
        values = (random.randn(*shape) * scale + offset).astype("f4")
        variables[name] = tf1.get_variable(name, initializer=values)
        return variables[name]

    def conv(name, x, outputs, stride):
        inputs, side = int(x.shape[3]), int(x.shape[1]) * stride
        # tf.layers.conv2d_transpose keeps its kernel as [kh, kw, outputs, inputs].
        kernel = variable(f"generator/{name}/kernel", [KERNEL, KERNEL, outputs, inputs], (inputs * KERNEL * KERNEL) ** -0.5)
        bias = variable(f"generator/{name}/bias", [outputs], 0.1)
        y = tf.nn.conv2d_transpose(x, kernel, [1, side, side, outputs], [1, stride, stride, 1], "SAME")
        return tf.nn.bias_add(y, bias)

    z = tf1.placeholder("float32", [1, Z])
    kernel = variable("generator/dense/kernel", [Z, SIDE * SIDE * CHANNELS[0]], Z**-0.5)
    bias = variable("generator/dense/bias", [SIDE * SIDE * CHANNELS[0]], 0.1)
    x = tf.reshape(z @ kernel + bias, [1, SIDE, SIDE, CHANNELS[0]])
    x = tf.nn.leaky_relu(x, SLOPE)
    for number, channels in enumerate(CHANNELS[1:], 1):
        x = conv(f"trans_conv{number}", x, channels, 2)
        scope = f"generator/batch_trans_conv{number}"
        x = tf.nn.batch_normalization(
            x,
            offset=variable(f"{scope}/beta", [channels], 0.2),
            scale=variable(f"{scope}/gamma", [channels], 0.2, 1.5),
            mean=variable(f"{scope}/moving_mean", [channels], 0.2),
            variance=tf.abs(variable(f"{scope}/moving_variance", [channels], 0.1, 0.5)),
            variance_epsilon=EPSILON,
        )
        x = tf.nn.leaky_relu(x, SLOPE)
    image = tf.tanh(conv("logits", x, 3, 1))
    # What training leaves beside the generator.
    variable("generator/dense/bias/Adam", [SIDE * SIDE * CHANNELS[0]])
    variable("discriminator/conv1/kernel", [KERNEL, KERNEL, 3, 4])
    tf1.get_variable("global_step", initializer=np.int64(1234))
    tf1.get_variable("note", initializer="text")

    out.mkdir(parents=True, exist_ok=True)
    expected = {}
    with tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        # Negative numbers would be no variances; those of the file are what the graph computed with.
        for name, value in variables.items():
            if name.endswith("moving_variance"):
                session.run(value.assign(tf.abs(value)))
        tf1.train.Saver().save(session, str(out / "model.ckpt"), write_meta_graph=False, write_state=False)
        for seed in (0, 42):
            drawn = np.random.RandomState(seed).uniform(-1, 1, [1, Z])
            made = session.run(image, {z: drawn})[0]
            expected[f"s{seed}.z"] = drawn
            expected[f"s{seed}.img"] = made.transpose(2, 0, 1)
            expected[f"s{seed}.rgb"] = ((made + 1) * 127.5).astype("u1")
    write_safetensors(out / "expected.safetensors", expected)


# stylegan: a StyleGAN generator

LATENT, LAYERS, RESOLUTION, FEATURES = 16, 3, 32, [24, 20, 16, 8]
LRMUL = 0.01


def network_class():
    """A class under the name that the pickles have, of which only the state matters."""
    for name in ("dnnlib", "dnnlib.tflib", "dnnlib.tflib.network"):
        sys.modules[name] = types.ModuleType(name)
    module = sys.modules["dnnlib.tflib.network"]
    module.Network = type("Network", (), {"__module__": module.__name__, "__getstate__": lambda self: self.state})
    return module.Network


def network(name, function, arguments, variables, components={}):
    made = network_class_once()
    made.state = dict(
        version=3, name=name, static_kwargs=arguments, components=components, build_module_src="# none\n",
        build_func_name=function, variables=variables,
    )
    return made


def network_class_once(cache=[]):
    if not cache:
        cache.append(network_class())
    return cache[0]()


def stylegan_variables():
    random = np.random.RandomState(2018)

    def draw(*shape, scale=1.0):
        return (random.randn(*shape) * scale).astype("f4")

    mapping = []
    for index in range(LAYERS):
        mapping += [(f"Dense{index}/weight", draw(LATENT, LATENT, scale=1 / LRMUL)), (f"Dense{index}/bias", draw(LATENT, scale=20))]
    synthesis = [("lod", np.float32(0))]

    def layer(path, inputs, outputs):
        if inputs:
            synthesis.append((f"{path}/weight", draw(3, 3, inputs, outputs)))
        synthesis.extend(
            [
                (f"{path}/Noise/weight", draw(outputs, scale=0.3)),
                (f"{path}/bias", draw(outputs, scale=0.3)),
                (f"{path}/StyleMod/weight", draw(LATENT, 2 * outputs)),
                (f"{path}/StyleMod/bias", draw(2 * outputs, scale=0.3)),
            ]
        )

    inputs = 0
    for index, outputs in enumerate(FEATURES):
        side = 4 << index
        for place in range(2):
            synthesis.append((f"noise{2 * index + place}", draw(1, 1, side, side)))
        if index == 0:
            synthesis.append(("4x4/Const/const", draw(1, outputs, 4, 4)))
            layer("4x4/Const", 0, outputs)
            layer("4x4/Conv", outputs, outputs)
        else:
            layer(f"{side}x{side}/Conv0_up", inputs, outputs)
            layer(f"{side}x{side}/Conv1", outputs, outputs)
        lod = len(FEATURES) - 1 - index
        synthesis += [(f"ToRGB_lod{lod}/weight", draw(1, 1, outputs, 3)), (f"ToRGB_lod{lod}/bias", draw(3, scale=0.1))]
        inputs = outputs
    return mapping, synthesis, draw(LATENT, scale=0.3)


def leaky(x):
    return tf.nn.leaky_relu(x, 0.2)


def stylegan_graph(mapping, synthesis, average, fused):
    """z and the psi of each layer to an image, [H, W, 3]."""
    w, s = dict(mapping), dict(synthesis)
    z = tf1.placeholder("float32", [1, LATENT])
    psi = tf1.placeholder("float32", [2 * len(FEATURES), 1])
    with_noise = tf1.placeholder("float32", [])
    x = z * tf1.rsqrt(tf.reduce_mean(z * z, 1, keepdims=True) + 1e-8)
    for index in range(LAYERS):
        # Stored weights are divided by the learning rate's multiplier; He's gain is that of ReLU.
        weight = w[f"Dense{index}/weight"] * np.float32(np.sqrt(2 / LATENT) * LRMUL)
        x = leaky(x @ weight + w[f"Dense{index}/bias"] * np.float32(LRMUL))
    dlatents = average + (x - average) * psi  # [layers, LATENT]

    def convolution(x, path, up=False):
        weight = s[f"{path}/weight"]
        weight = weight * np.float32(np.sqrt(2 / np.prod(weight.shape[:3])))
        side, outputs = int(x.shape[1]), weight.shape[3]
        if not up:
            return tf.nn.conv2d(x, weight, 1, "SAME")
        if fused:
            # Four copies of the filter, each moved by a pixel: the filter on pixels that are two wide.
            padded = np.pad(weight, [[1, 1], [1, 1], [0, 0], [0, 0]])
            wide = padded[1:, 1:] + padded[:-1, 1:] + padded[1:, :-1] + padded[:-1, :-1]
            wide = wide.transpose(0, 1, 3, 2)
            y = tf.nn.conv2d_transpose(x, wide, [1, 2 * side, 2 * side, outputs], 2, "SAME")
        else:
            y = tf.nn.conv2d(tf.repeat(tf.repeat(x, 2, 1), 2, 2), weight, 1, "SAME")
        blur = np.outer([1, 2, 1], [1, 2, 1]).astype("f4") / 16
        return tf.nn.depthwise_conv2d(y, np.tile(blur[:, :, None, None], [1, 1, outputs, 1]), [1, 1, 1, 1], "SAME")

    def epilogue(x, path, index):
        noise = s[f"noise{index}"][0, 0][None, :, :, None]
        x = leaky(x + with_noise * noise * s[f"{path}/Noise/weight"] + s[f"{path}/bias"])
        x = x - tf.reduce_mean(x, [1, 2], keepdims=True)
        x = x * tf1.rsqrt(tf.reduce_mean(x * x, [1, 2], keepdims=True) + 1e-8)
        weight = s[f"{path}/StyleMod/weight"] * np.float32(1 / np.sqrt(LATENT))
        style = dlatents[index : index + 1] @ weight + s[f"{path}/StyleMod/bias"]
        scale, shift = tf.split(style[:, None, None, :], 2, 3)
        return x * (scale + 1) + shift

    x = tf.constant(s["4x4/Const/const"].transpose(0, 2, 3, 1))
    x = epilogue(x, "4x4/Const", 0)
    x = epilogue(convolution(x, "4x4/Conv"), "4x4/Conv", 1)
    for index in range(1, len(FEATURES)):
        path = f"{4 << index}x{4 << index}"
        x = epilogue(convolution(x, f"{path}/Conv0_up", up=True), f"{path}/Conv0_up", 2 * index)
        x = epilogue(convolution(x, f"{path}/Conv1"), f"{path}/Conv1", 2 * index + 1)
    weight = s["ToRGB_lod0/weight"]
    image = tf.nn.conv2d(x, weight * np.float32(1 / np.sqrt(weight.shape[2])), 1, "SAME") + s["ToRGB_lod0/bias"]
    return z, psi, with_noise, dlatents, image[0]


def stylegan(out: Path) -> None:
    mapping, synthesis, average = stylegan_variables()
    out.mkdir(parents=True, exist_ok=True)
    expected, samples = {}, []
    for name, fused in (("unfused", False), ("fused", True)):
        arguments = dict(
            num_channels=3, resolution=RESOLUTION, label_size=0, latent_size=LATENT, dlatent_size=LATENT,
            mapping_layers=LAYERS, mapping_fmaps=LATENT, mapping_lrmul=LRMUL, fused_scale=fused, use_wscale=True,
            truncation_psi=0.7, truncation_cutoff=3, blur_filter=[1, 2, 1],
        )
        gs = network(
            "Gs", "G_style", arguments, [("dlatent_avg", average)],
            dict(
                synthesis=network("G_synthesis", "G_synthesis", arguments, synthesis),
                mapping=network("G_mapping", "G_mapping", arguments, mapping),
            ),
        )
        other = network("D", "D_basic", {}, [])
        (out / f"{name}.pkl").write_bytes(pickle.dumps((other, other, gs), protocol=4))
        tf1.reset_default_graph()
        z, psi, with_noise, dlatents, image = stylegan_graph(mapping, synthesis, average, fused)
        with tf1.Session() as session:
            for seed, value, cutoff, noise in [(0, 1.0, None, 1), (1, 0.7, None, 1), (2, 0.7, 8, 1), (3, -0.5, 2, 0)]:
                drawn = np.random.RandomState(seed).randn(1, LATENT)
                layers = 2 * len(FEATURES)
                # Without a cutoff of its own a request goes by the network's, which is 3 here.
                reach = 3 if cutoff is None else cutoff
                psis = np.array([[value if index < reach else 1] for index in range(layers)], "f4")
                ws, made = session.run([dlatents, image], {z: drawn, psi: psis, with_noise: noise})
                key = f"{name}.s{seed}"
                expected[f"{key}.z"] = drawn
                expected[f"{key}.w"] = ws[None]
                expected[f"{key}.img"] = made.transpose(2, 0, 1)
                expected[f"{key}.rgb"] = np.clip(made * 127.5 + 128, 0, 255).astype("u1")
                samples.append(
                    dict(network=name, seed=seed, psi=value, cutoff=cutoff, noise_mode="const" if noise else "none",
                         z=f"{key}.z", w=f"{key}.w", img=f"{key}.img", rgb=f"{key}.rgb")
                )
    write_safetensors(out / "expected.safetensors", expected)
    std = float(np.mean([v.std() for k, v in expected.items() if k.endswith(".img")]))
    (out / "manifest.json").write_text(json.dumps(dict(samples=samples, img_std_mean=std), indent=1) + "\n")


if __name__ == "__main__":
    face_generator(Path(sys.argv[1]) / "face-generator")
    tf1.reset_default_graph()
    stylegan(Path(sys.argv[1]) / "stylegan")
