#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the share of requests that the cache in memory answers, beside what docs/scaling.md expects.

    hit_ratio.py [--seeds 100000] [--requests 100000] [--bytes 2000000 20000000]

Seeds are drawn as Zipf's law says. The first half of the requests fills the cache, the second half is counted.
"""

import argparse
import itertools
import random
import sys
import tempfile
from pathlib import Path

from scaling import hit_ratio

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from testing import Client, Server  # noqa: E402

HITS = 'faceserver_cache_hits_total{tier="memory"}'
ENTRIES = 'faceserver_cache_entries{tier="memory"}'


def measure(binary: Path, folder: Path, max_bytes: int, seeds: list[int]) -> tuple[int, float]:
    """How many faces the cache came to hold, and its hits of the second half of the seeds."""
    server = Server(binary, folder / "log")
    server.start(CACHE_MAX_BYTES=str(max_bytes), LOG_LEVEL="error")
    try:
        client = Client(server.address)
        half = len(seeds) // 2
        for seed in seeds[:half]:
            client.get(f"/faces/{seed}.png")
        before = server.metric(HITS)
        for seed in seeds[half:]:
            client.get(f"/faces/{seed}.png")
        return int(server.metric(ENTRIES)), (server.metric(HITS) - before) / (len(seeds) - half)
    finally:
        server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver")
    parser.add_argument("--seeds", type=int, default=100_000, help="faces that are asked for (100000)")
    parser.add_argument("--requests", type=int, default=100_000, help="for each cache (100000)")
    parser.add_argument(
        "--bytes", type=int, nargs="+", default=[2_000_000, 20_000_000], help="cache.maxBytes of each server")
    arguments = parser.parse_args()

    weights = list(itertools.accumulate(1 / rank for rank in range(1, arguments.seeds + 1)))
    seeds = random.Random(0).choices(range(arguments.seeds), cum_weights=weights, k=arguments.requests)
    print("| `cache.maxBytes` | faces in it | expected | measured |\n|--:|--:|--:|--:|")
    for max_bytes in arguments.bytes:
        with tempfile.TemporaryDirectory() as folder:
            faces, ratio = measure(arguments.binary, Path(folder), max_bytes, seeds)
        print(f"| {max_bytes:,} | {faces:,} | {hit_ratio(faces, arguments.seeds):.0%} | {ratio:.0%} |", flush=True)


if __name__ == "__main__":
    main()
