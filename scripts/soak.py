#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A minute of all that clients do, at once: and the server must come out of it as it was.

    soak.py [--binary .build/release/faceserver] [--seconds 60] [--clients 16]

Two models, of which one changes in the first third (SIGHUP). Clients ask for faces that are cached and faces that are
not, for grids and morphs, conditionally, with a timeout that is too short, and for what there is not; some leave before
they are answered. Checked: no 5xx but 503 with Retry-After and 504, the same bytes for each URL and tag, and memory
that no longer grows in the last third. At the end 64 new faces are asked for one by one, and 64 at once, which must
take less time, in batches.
"""

import argparse
import collections
import hashlib
import random
import re
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Iterator

from testing import Client, Failure, Response, Server, check, get

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "Sources/FaceServer/Resources/Models/faces-64.safetensors"
GROWTH = 0.05
AT_ONCE = 64
CONFIGURATION = """\
models: {{ still: {still}, changing: {changing} }}
model.default: still
cache: {{ maxBytes: 4000000, directory: {cache}, maxDiskBytes: 8000000 }}
queue.maxDepth: 64
log.level: warning
"""


def altered(model: bytes) -> bytes:
    """The same model with the lowest bits of its last weights inverted: other bytes, and nearly the same pictures."""
    tail = bytearray(model[-4000:])
    for index in range(0, len(tail), 4):
        tail[index] ^= 1
    return model[:-4000] + bytes(tail)


class SoakedServer(Server):
    def __init__(self, binary: Path, folder: Path):
        super().__init__(binary, folder / "log")
        self.changing = folder / "changing.safetensors"
        self.changing.write_bytes(MODEL.read_bytes())
        configuration = folder / "faceserver.yaml"
        configuration.write_text(
            CONFIGURATION.format(still=MODEL, changing=self.changing, cache=folder / "cache"))
        self.start("--config", configuration)

    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.M)[1]) * 1024

    def change_model(self) -> None:
        new = self.changing.with_suffix(".new")
        new.write_bytes(altered(MODEL.read_bytes()))
        new.rename(self.changing)
        self.process.send_signal(signal.SIGHUP)


class Crowd:
    """Clients with connections of their own, and what they found."""

    def __init__(self, server: SoakedServer, count: int):
        self.server = server
        self.count = count
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.fresh = iter(range(1 << 20, 1 << 32))
        self.statuses: collections.Counter[int] = collections.Counter()
        self.digests: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
        self.tags: dict[str, set[str]] = collections.defaultdict(set)
        self.aborted = 0
        self.errors: list[str] = []

    def run(self, seconds: float) -> list[int]:
        """The resident bytes, every tenth of a second. The model changes before the thirds that are compared."""
        threads = [threading.Thread(target=self._client, args=(number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        samples: list[int] = []
        began = time.monotonic()
        is_changed = False
        while (elapsed := time.monotonic() - began) < seconds:
            if not is_changed and elapsed > seconds / 4:
                self.server.change_model()
                is_changed = True
            samples.append(self.server.resident_bytes())
            time.sleep(0.1)
        self.ended.set()
        for thread in threads:
            thread.join()
        return samples

    def _client(self, number: int) -> None:
        dice = random.Random(number)
        client = Client(self.server.address)
        while not self.ended.is_set():
            try:
                client = self._act(dice, client)
            except (OSError, Failure) as error:
                with self.lock:
                    self.errors.append(repr(error))
                client.close()
        client.close()

    def _act(self, dice: random.Random, client: Client) -> Client:
        prefix = dice.choice(["", "", "/models/changing"])
        known, fresh = dice.randrange(64), next_of(self.fresh, self.lock)
        match dice.choices(range(8), [50, 15, 8, 8, 6, 6, 4, 3])[0]:
            case 0:
                self._note(client, f"{prefix}/faces/{known}.png", {200})
            case 1:
                self._note(client, f"{prefix}/faces/{fresh}.png?size=48", {200, 503, 504})
            case 2:
                target = f"/faces/{known}.png"
                tag = client.get(target).headers["etag"]
                self._note(client, target, {304}, f"If-None-Match: {tag}\r\n")
            case 3:
                client.send(f"{prefix}/faces/{fresh}.png")
                client.close()
                with self.lock:
                    self.aborted += 1
                return Client(self.server.address)
            case 4:
                target = dice.choice(["/faces/x.png", "/faces/1.png?size=1", "/nothing", "/faces/1.png?truncation=9&a=b"])
                self._note(client, target, {400, 404})
            case 5:
                self._note(client, f"/faces/{fresh}.png?timeout=1ms", {200, 503, 504})
            case 6:
                self._note(client, f"/grids/{known}-{known + 3}.jpg?size=32", {200, 503, 504})
            case 7:
                self._note(client, f"{prefix}/morphs/{known}-{known + 1}.png?t=0.25", {200, 503, 504})
        return client

    def _note(self, client: Client, target: str, expected: set[int], fields: str = "") -> None:
        response = client.get(target, fields)
        with self.lock:
            self.statuses[response.status] += 1
            if response.status not in expected:
                self.errors.append(f"{target} is answered with {response.status}: {response.body[:200]!r}")
            if response.status == 503 and int(response.headers.get("retry-after", 0)) < 1:
                self.errors.append(f"{target}: a 503 without Retry-After")
            if response.status == 200:
                url = target.split("?timeout")[0]
                self.digests[url, response.headers["etag"]].add(hashlib.sha256(response.body).hexdigest())
                self.tags[url].add(response.headers["etag"])

    def check_flawless(self) -> None:
        check(not self.errors, f"{len(self.errors)} faults, the first: {self.errors[:3]}")
        differing = [url for (url, _), digests in self.digests.items() if len(digests) > 1]
        check(not differing, f"different bytes for {differing[:3]}")
        for url, tags in self.tags.items():
            check(len(tags) <= (2 if "/changing/" in url else 1), f"{url} had the tags {tags}")
        changed = [url for url, tags in self.tags.items() if len(tags) == 2]
        check(bool(changed), "no face has changed with its model")


def next_of(numbers: Iterator[int], lock: threading.Lock) -> int:
    with lock:
        return next(numbers)


def flatness(samples: list[int]) -> str:
    third = len(samples) // 3
    middle, last = statistics.mean(samples[third : 2 * third]), statistics.mean(samples[2 * third :])
    growth = last / middle - 1
    check(abs(growth) <= GROWTH, f"memory went from {middle / 1e6:.1f} MB in the middle third to {last / 1e6:.1f} in the last")
    return f"memory {middle / 1e6:.1f} MB in the middle third, {last / 1e6:.1f} MB in the last ({growth:+.1%})"


def one_by_one_and_at_once(server: Server) -> str:
    def ask(seed: int, results: dict[int, Response]) -> None:
        results[seed] = get(server.address, f"/faces/{seed}.png?truncation=0.6&timeout=30s")

    def measured(seeds: range, at_once: bool) -> tuple[float, float, dict[int, Response]]:
        results: dict[int, Response] = {}
        faces, batches = server.metric("faceserver_batch_size_sum"), server.metric("faceserver_batch_size_count")
        began = time.monotonic()
        threads = [threading.Thread(target=ask, args=(seed, results)) for seed in seeds]
        for thread in threads:
            thread.start()
            if not at_once:
                thread.join()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        check(all(response.status == 200 for response in results.values()), "a face was not to be had")
        faces, batches = (
            server.metric("faceserver_batch_size_sum") - faces, server.metric("faceserver_batch_size_count") - batches)
        return seconds, faces / batches, results

    slow, batch, _ = measured(range(AT_ONCE), False)
    check(batch == 1, f"one by one, in batches of {batch}")
    fast, batch, results = measured(range(AT_ONCE, 2 * AT_ONCE), True)
    check(batch > 1, "at once, and no batches")
    check(fast < slow, f"{AT_ONCE} faces took {fast * 1000:.0f} ms at once, {slow * 1000:.0f} ms one by one")
    return f"{AT_ONCE} faces: {slow * 1000:.0f} ms one by one, {fast * 1000:.0f} ms at once in batches of {batch:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=16)
    arguments = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="faceserver-soak-"))
    server = SoakedServer(arguments.binary, folder)
    try:
        crowd = Crowd(server, arguments.clients)
        samples = crowd.run(arguments.seconds)
        crowd.check_flawless()
        answers = ", ".join(f"{count} times {status}" for status, count in sorted(crowd.statuses.items()))
        print(f"soak: {answers}; {crowd.aborted} left; no fault", flush=True)
        print(f"soak: {flatness(samples)}", flush=True)
        print(f"soak: {one_by_one_and_at_once(server)}", flush=True)
        server.stop()
    except Failure as failure:
        sys.exit(f"soak: {failure}\n{server.log.read_text()[-2000:]}")
    finally:
        server.kill()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
