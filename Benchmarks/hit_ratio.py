#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the share of requests that the cache in memory answers, beside what docs/scaling.md expects.

    hit_ratio.py [--seeds 100000] [--requests 100000] [--bytes 2000000 20000000]

Seeds are drawn as Zipf's law says. The first half of the requests fills the cache, the second half is counted.
"""

import argparse
import itertools
import os
import random
import re
import subprocess
import sys
from pathlib import Path

from scaling import hit_ratio

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from testing import Address, Client, free_ports, get, wait_until  # noqa: E402


def is_ready(address: Address) -> bool:
    try:
        return get(address, "/readyz").status == 200
    except OSError:
        return False


def cache(address: Address, name: str) -> int:
    """A number of the cache in memory, as /metrics tells it."""
    page = get(address, "/metrics").body.decode()
    return int(float(re.search(rf'^faceserver_cache_{name}{{[^}}]*memory[^}}]*}} (\S+)$', page, re.M)[1]))


def measure(binary: Path, max_bytes: int, seeds: list[int]) -> tuple[int, float]:
    """How many faces the cache came to hold, and its hits of the second half of the seeds."""
    address = ("127.0.0.1", free_ports(1)[0])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FACESERVER_")}
    environment |= {"FACESERVER_CACHE_MAX_BYTES": str(max_bytes), "FACESERVER_LOG_LEVEL": "error"}
    server = subprocess.Popen(
        [binary, "serve", "--port", str(address[1])], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until("the server is ready", lambda: is_ready(address))
        client = Client(address)
        half = len(seeds) // 2
        for seed in seeds[:half]:
            client.get(f"/faces/{seed}.png")
        before = cache(address, "hits_total")
        for seed in seeds[half:]:
            client.get(f"/faces/{seed}.png")
        return cache(address, "entries"), (cache(address, "hits_total") - before) / (len(seeds) - half)
    finally:
        server.terminate()
        server.wait()


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
        faces, ratio = measure(arguments.binary, max_bytes, seeds)
        print(f"| {max_bytes:,} | {faces:,} | {hit_ratio(faces, arguments.seeds):.0%} | {ratio:.0%} |", flush=True)


if __name__ == "__main__":
    main()
