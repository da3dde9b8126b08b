#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks how long a network pickle of the size of NVIDIA's FFHQ model takes to load, and how much memory.

Writes pickles with random weights (G, D and G_ema, 1024x1024) and loads each as `faceserver inspect` does: hash, network
and all. Fails when a bound is missed. Needs Python alone.
"""

import argparse
import multiprocessing
import os
import subprocess
import tempfile
import time
from pathlib import Path

import pickles
import weights

ROOT = Path(__file__).resolve().parent.parent
RESOLUTION = 1024
MOST_SECONDS = 3.0
# Of G_ema's size, and beside.
MEMORY_FACTOR = 1.2
MEMORY_BESIDE = 300e6


def load(binary: Path, file: Path) -> tuple[float, int]:
    """Seconds, and the most memory that was resident."""
    began = time.monotonic()
    child = subprocess.Popen([str(binary), "inspect", str(file)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{file.name}: faceserver ended with status {child.returncode}")
    return time.monotonic() - began, usage.ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver", help="our program")
    arguments = parser.parse_args()
    size = weights.BYTES * sum(recipe.count for recipe in weights.generator(RESOLUTION).values())
    bound = MEMORY_FACTOR * size + MEMORY_BESIDE
    print(f"G_ema has {size / 1e6:.0f} MB; bounds are {MOST_SECONDS} s and {bound / 1e6:.0f} MB\n")
    print("| pickle | MB | s | peak MB |\n|---|--:|--:|--:|")
    missed = False
    with tempfile.TemporaryDirectory(prefix="faceserver-load-") as folder:
        for protocol in (2, 3, 4, 5):
            path = Path(folder) / f"protocol-{protocol}.pkl"
            # In a process of its own, since what this one has held counts as its children's.
            writer = multiprocessing.get_context("spawn").Process(
                target=pickles.write, args=(path, RESOLUTION, protocol))
            writer.start()
            writer.join()
            seconds, memory = load(arguments.binary, path)
            megabytes = path.stat().st_size / 1e6
            print(f"| protocol {protocol} | {megabytes:.0f} | {seconds:.2f} | {memory / 1e6:.0f} |", flush=True)
            missed = missed or seconds > MOST_SECONDS or memory > bound
            path.unlink()
    if missed:
        raise SystemExit("a bound is missed")


if __name__ == "__main__":
    main()
