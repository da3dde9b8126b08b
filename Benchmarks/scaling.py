#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many replicas and how large a cache some load takes, as docs/scaling.md explains.

    scaling.py                                       the tables of docs/scaling.md
    scaling.py --milliseconds 360 --kibibytes 1300   for a face that takes so long on one core and is so large
"""

import argparse
import math
from dataclasses import dataclass

HOURS_A_MONTH = 730


@dataclass
class Assumptions:
    seeds: float
    utilisation: float
    replica_cores: int
    core_hour: float
    gigabyte_month: float


@dataclass
class Plan:
    faces: float
    hit_ratio: float
    misses: float
    replicas: int
    gigabytes: float
    # A month's.
    cost: float
    # Of computing every face in the cache once.
    filling: float


def ranks(seeds: float) -> list[tuple[float, float]]:
    """The seeds by popularity, as pairs of a rank and how many are near it: each of the first, the others in groups that
    differ by 1 %."""
    groups = []
    first = 1.0
    while first <= seeds:
        last = min(max(first, math.floor(first * 1.01)), seeds)
        groups.append(((first + last) / 2, last - first + 1))
        first = last + 1
    return groups


def hit_ratio(faces: float, seeds: float) -> float:
    """The share of requests that a cache of so many faces answers which drops what was not asked for longest, where the
    k-th most popular seed is asked for 1/k as often as the first. After Che, Tung and Wang, "Hierarchical Web Caching
    Systems", 2002: a face is in the cache if it was asked for within a time that is the same for all faces."""
    if faces >= seeds:
        return 1.0
    groups = ranks(seeds)
    # How often the most popular seed is asked for in that time: so often that as many faces as the cache holds are.
    low, high = 0.0, seeds
    while high - low > 1e-6 * high:
        often = (low + high) / 2
        held = sum(count * -math.expm1(-often / rank) for rank, count in groups)
        low, high = (often, high) if held < faces else (low, often)
    hits = sum(count / rank * -math.expm1(-high / rank) for rank, count in groups)
    return hits / sum(count / rank for rank, count in groups)


def plan(rate: float, faces: float, milliseconds: float, kibibytes: float, given: Assumptions) -> Plan:
    """What it takes to answer `rate` requests a second with a cache of so many faces."""
    hits = hit_ratio(faces, given.seeds)
    misses = rate * (1 - hits)
    cores = misses * milliseconds / 1000 / given.utilisation
    # One more than it takes, so that one may fail.
    replicas = max(1, math.ceil(cores / given.replica_cores)) + 1
    gigabytes = faces * kibibytes * 1024 / 1e9
    cost = replicas * given.replica_cores * given.core_hour * HOURS_A_MONTH + gigabytes * given.gigabyte_month
    filling = faces * milliseconds / 1000 / 3600 * given.core_hour
    return Plan(faces, hits, misses, replicas, gigabytes, cost, filling)


def cheapest(rate: float, milliseconds: float, kibibytes: float, given: Assumptions) -> Plan:
    sizes = [10**power for power in range(3, round(math.log10(given.seeds)) + 1)]
    return min((plan(rate, size, milliseconds, kibibytes, given) for size in sizes), key=lambda one: one.cost)


def size_text(gigabytes: float) -> str:
    for unit, scale in (("PB", 1e6), ("TB", 1e3), ("GB", 1)):
        if gigabytes >= scale:
            return f"{gigabytes / scale:.3g} {unit}"
    return f"{gigabytes * 1e3:.3g} MB"


def print_table(title: str, milliseconds: float, kibibytes: float, given: Assumptions) -> None:
    print(f"{title}: {milliseconds:g} ms on one core, {kibibytes:g} KiB\n")
    print("| requests/s | cache | faces in it | hits | misses/s | replicas | traffic | a month | to fill |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for rate in (10, 1_000, 100_000):
        best = cheapest(rate, milliseconds, kibibytes, given)
        traffic = size_text(rate * kibibytes * 1024 / 1e9) + "/s"
        print(
            f"| {rate:,} | {size_text(best.gigabytes)} | 10^{round(math.log10(best.faces))} | {best.hit_ratio:.0%} "
            f"| {best.misses:,.0f} | {best.replicas} | {traffic} | ${best.cost:,.0f} | ${best.filling:,.0f} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--milliseconds", type=float, help="time of a face on one core, PNG and all")
    parser.add_argument("--kibibytes", type=float, help="size of a face's PNG")
    parser.add_argument("--seeds", type=float, default=1e9, help="faces that are asked for (1e9)")
    parser.add_argument("--utilisation", type=float, default=0.7, help="share of the time that cores are busy (0.7)")
    parser.add_argument("--replica-cores", type=int, default=2, help="cores of a replica (2)")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of a core for an hour (0.04)")
    parser.add_argument("--gigabyte-month", type=float, default=0.1, help="price of a gigabyte for a month (0.1)")
    arguments = parser.parse_args()
    given = Assumptions(
        arguments.seeds, arguments.utilisation, arguments.replica_cores, arguments.core_hour, arguments.gigabyte_month)
    if arguments.milliseconds and arguments.kibibytes:
        print_table("Your model", arguments.milliseconds, arguments.kibibytes, given)
        return
    # Of `make bench`: one thread, batch 4, and PNG. Real 1024x1024 faces compress better than random weights' noise.
    print_table("64x64", 1.2 + 0.1, 7, given)
    print_table("256x256", 61.3 + 1.4, 138, given)
    print_table("1024x1024", 347.9 + 12.6, 1300, given)


if __name__ == "__main__":
    main()
