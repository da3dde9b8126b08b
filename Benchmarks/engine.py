# SPDX-License-Identifier: Apache-2.0
"""One engine in a process of its own, which compare.py drives over a pipe.

Reads commands from standard input, one a line, and answers each with a line of JSON on standard output:

    measure N   runs N batches; {"seconds": [...]}, each of a whole batch
    finish      {"peak_mebibytes": ...}, and ends

The first line of output comes when the engine is ready: {"load_seconds": ...}.
"""

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import weights

Run = Callable[[np.ndarray], np.ndarray]  # z [N, zDim] to images [N, 3, H, W]


def torch_eager(arguments: argparse.Namespace, module: str) -> Run:
    import torch

    torch.set_num_threads(arguments.threads)
    generator = importlib.import_module(module).load(arguments.weights, arguments.psi)

    def run(z: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return generator(torch.from_numpy(z)).numpy()

    return run


def onnxruntime(arguments: argparse.Namespace) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(arguments.graph), options, providers=["CPUExecutionProvider"])
    return lambda z: session.run(None, {"z": z})[0]


def openvino(arguments: argparse.Namespace, precision: str) -> Run:
    import openvino

    options = {
        # Without this hint the plugin computes in bf16 where the processor can, and says nothing of it.
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": arguments.threads,
        "PERFORMANCE_HINT": "LATENCY",
    }
    model = openvino.Core().compile_model(str(arguments.graph), "CPU", options)
    used = model.get_property("INFERENCE_PRECISION_HINT").to_string()
    if used != precision:
        raise RuntimeError(f"OpenVINO computes in {used} where {precision} was asked for")
    request = model.create_infer_request()
    return lambda z: request.infer([z], share_inputs=True, share_outputs=True)[0]


ENGINES: dict[str, Callable[[argparse.Namespace], Run]] = {
    "pytorch": lambda arguments: torch_eager(arguments, "stylegan2_plain"),
    "pytorch-tuned": lambda arguments: torch_eager(arguments, "stylegan2"),
    "onnxruntime": onnxruntime,
    "openvino-f32": lambda arguments: openvino(arguments, "f32"),
    "openvino-bf16": lambda arguments: openvino(arguments, "bf16"),
}


def latents(batch: int, length: int) -> np.ndarray:
    """Those of seeds 0, 1, ... [N, zDim]"""
    return np.concatenate([np.random.RandomState(seed).randn(1, length) for seed in range(batch)]).astype(np.float32)


def quantize(images: np.ndarray) -> np.ndarray:
    """[N, 3, H, W] to 8-bit [N, H, W, 3], truncated as the official scripts do."""
    return np.clip(np.moveaxis(images, 1, 3) * 127.5 + 128, 0, 255).astype(np.uint8)


def measure(run: Run, z: np.ndarray, count: int) -> list[float]:
    seconds = []
    for _ in range(count):
        began = time.perf_counter()
        run(z)
        seconds.append(time.perf_counter() - began)
    return seconds


def peak_mebibytes() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=sorted(ENGINES), required=True)
    parser.add_argument("--weights", type=Path, required=True, help="safetensors file")
    parser.add_argument("--graph", type=Path, required=True, help="ONNX file of the same weights and batch")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--psi", type=float, required=True)
    parser.add_argument("--pictures", type=Path, required=True, help=".npy file for the pictures of seeds 0, 1, ...")
    return parser.parse_args()


def main() -> None:
    # Libraries print what they like; the answers keep the pipe to themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value: dict[str, Any]) -> None:
        print(json.dumps(value), file=answers, flush=True)

    arguments = parse_arguments()
    began = time.perf_counter()
    run = ENGINES[arguments.engine](arguments)
    load_seconds = time.perf_counter() - began
    z = latents(arguments.batch, weights.LATENT)
    np.save(arguments.pictures, quantize(run(z)))
    answer({"load_seconds": load_seconds})
    for line in sys.stdin:
        match line.split():
            case ["measure", count]:
                answer({"seconds": measure(run, z, int(count))})
            case ["finish"]:
                answer({"peak_mebibytes": peak_mebibytes()})
                return
            case _:
                raise ValueError(f"unknown command {line!r}")


if __name__ == "__main__":
    main()
