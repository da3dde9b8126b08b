#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the faceserver binary on this machine: pictures, PNG, memory, layers and start-up. Needs Python alone."""

import argparse
import json
import os
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import weights

ROOT = Path(__file__).resolve().parent.parent
RANDOM_SIZES = (256, 1024)
STYLEGAN3 = ("stylegan3-t-256", "stylegan3-t-1024", "stylegan3-r-256", "stylegan3-r-1024")
BATCHES = (1, 4)
START_TIMEOUT_SECONDS = 60
POLL_SECONDS = 0.002


@dataclass(frozen=True)
class Model:
    title: str
    # Of `faceserver bench`; none stands for the model that comes with the program.
    arguments: tuple[str, ...] = ()

    @classmethod
    def of_file(cls, title: str, path: Path) -> "Model":
        return cls(title, ("--model", str(path)))


def thread_counts() -> list[int]:
    return sorted({1, os.cpu_count() or 1})


def bench(binary: Path, model: Model, *options: str) -> dict[str, Any]:
    command = [str(binary), "bench", *model.arguments, "--json", *options]
    # Settings of OpenBLAS would lower the peak that layers are compared with.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    return json.loads(output)


# ---- pictures


def picture_row(binary: Path, model: Model, repeats: int) -> str:
    cells = [model.title]
    peaks = []
    for threads in thread_counts():
        for batch in BATCHES:
            options = ("--repeats", str(repeats), "--threads", str(threads), "--batch", str(batch))
            report = bench(binary, model, *options)
            cells.append(f"{report['medianSecondsPerImage'] * 1000:.1f}")
            if batch == 1:
                peaks.append(report["peakMebibytes"])
                png = report["png"]
    cells += [f"{png['milliseconds']:.1f}", f"{png['bytes'] / 1024:.0f}", str(max(peaks))]
    return f"| {' | '.join(cells)} |"


def print_pictures(binary: Path, models: list[Model], repeats: int) -> None:
    columns = [f"{threads} thread{'s'[: threads > 1]}, batch {b}" for threads in thread_counts() for b in BATCHES]
    columns += ["PNG ms", "PNG KiB", "peak MiB"]
    print(f"Milliseconds a picture, median of {repeats} rounds:\n")
    print(f"| model | {' | '.join(columns)} |")
    print("|---|" + "--:|" * len(columns))
    for model in models:
        print(picture_row(binary, model, repeats), flush=True)


def print_stylegan3(binary: Path, repeats: int) -> None:
    counts = thread_counts()
    columns = [f"{threads} thread{'s'[: threads > 1]}" for threads in counts] + ["peak MiB"]
    print("\nMilliseconds a picture of StyleGAN3, random weights, batch 1:\n")
    print(f"| model | {' | '.join(columns)} |")
    print("|---|" + "--:|" * len(columns))
    for name in STYLEGAN3:
        model = Model(name, ("--config", name))
        reports = [bench(binary, model, "--repeats", str(repeats), "--threads", str(count)) for count in counts]
        cells = [f"{report['medianSecondsPerImage'] * 1000:.0f}" for report in reports]
        print(f"| {name} | {' | '.join(cells)} | {max(report['peakMebibytes'] for report in reports)} |", flush=True)


# ---- layers


def print_layers(binary: Path, model: Model, repeats: int) -> None:
    profile = bench(binary, model, "--layers", "--repeats", str(repeats))["profile"]
    peak = profile["sgemmPeakGFLOPS"]
    print(f"\nLayers of {model.title}; OpenBLAS's sgemm peaks at {peak:.0f} GFLOP/s on as many threads:\n")
    print("| layer | ms | GFLOP/s | of sgemm's peak |\n|---|--:|--:|--:|")
    for layer in profile["layers"]:
        rate = layer["gflops"]
        print(f"| {layer['name']} | {layer['milliseconds']:.2f} | {rate:.0f} | {rate / peak:.2f} |")


# ---- start-up


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return response.status == 200
    except OSError:  # refused, or 503 until the model is loaded
        return False


def seconds_to_ready(binary: Path, model: Model) -> float:
    """From exec to the first 200 of /readyz."""
    port = free_port()
    command = [str(binary), "serve", "--port", str(port), *model.arguments]
    began = time.monotonic()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not is_ready(f"http://127.0.0.1:{port}/readyz"):
            if server.poll() is not None:
                raise SystemExit(f"{' '.join(command)} ended with status {server.returncode}")
            if time.monotonic() - began > START_TIMEOUT_SECONDS:
                raise SystemExit(f"{' '.join(command)} is not ready after {START_TIMEOUT_SECONDS} s")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - began
    finally:
        server.terminate()
        server.wait()


def print_start(binary: Path, models: list[Model], repeats: int) -> None:
    print("\nFrom exec to ready, warm files:\n\n| model | ms |\n|---|--:|")
    for model in models:
        seconds = [seconds_to_ready(binary, model) for _ in range(1 + repeats)][1:]
        print(f"| {model.title} | {statistics.median(seconds) * 1000:.0f} |", flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="measured rounds, 5 without it")
    parser.add_argument("--model", type=Path, help="also measure this checkpoint")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver", help="our program")
    arguments = parser.parse_args()
    if arguments.repeats < 1:
        parser.error("--repeats is at least 1")
    if not arguments.binary.exists():
        parser.error(f"{arguments.binary} is not there: run make build")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="faceserver-bench-") as folder:
        models = [Model("default, 64x64")]
        for size in RANDOM_SIZES:
            path = Path(folder) / f"{size}.safetensors"
            weights.write(path, size)
            models.append(Model.of_file(f"random, {size}x{size}", path))
        if arguments.model:
            models.append(Model.of_file(arguments.model.name, arguments.model))
        print_pictures(arguments.binary, models, arguments.repeats)
        print_stylegan3(arguments.binary, arguments.repeats)
        print_start(arguments.binary, models, arguments.repeats)
        print_layers(arguments.binary, models[-1], arguments.repeats)


if __name__ == "__main__":
    main()
