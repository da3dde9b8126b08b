#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three real replicas behind a real nginx with the configuration of config/nginx/, all on loopback.

    cluster_test.py [--binary .build/release/faceserver] [--nginx nginx]

Says what was found out and exits with 0, or with 1 at the first thing that is not so. Needs no more than Python's standard
library.
"""

import argparse
import collections
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, Iterable, Iterator

from testing import Address, Client, Failure, Response, Server, check, free_ports, get, wait_until

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "config/nginx/faceserver.conf.template"
REPLICAS = 3
CLIENTS = 32
FACES = 500


# ---- clients


class Crowd:
    """Clients that ask at the same time. What each gets is recorded: nothing is tried again."""

    def __init__(self, address: Address):
        self.address = address
        self.lock = threading.Lock()
        self.digests: dict[str, set[str]] = collections.defaultdict(set)
        self.caches: collections.Counter[str] = collections.Counter()
        self.errors: list[str] = []
        self.responses: list[Response] = []
        self.answered = 0

    def start(self, targets: Callable[[int], Iterable[str]]) -> "Crowd":
        self.threads = [threading.Thread(target=self._run, args=(targets(number),)) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()
        return self

    def join(self) -> "Crowd":
        for thread in self.threads:
            thread.join()
        return self

    def _run(self, targets: Iterable[str]) -> None:
        client = Client(self.address)
        for target in targets:
            try:
                response = client.get(target)
            except (OSError, Failure) as error:
                client.close()
                with self.lock:
                    self.errors.append(f"{target}: {error}")
                continue
            digest = hashlib.sha256(response.body).hexdigest()
            with self.lock:
                self.answered += 1
                self.caches[response.headers.get("x-cache-status", "-")] += 1
                if response.status == 200:
                    self.digests[target].add(digest)
                else:
                    self.errors.append(f"{target}: answered with {response.status}")
                    self.responses.append(response)
        client.close()

    def check_flawless(self) -> None:
        check(not self.errors, f"{len(self.errors)} errors of {self.answered} answers, the first: {self.errors[:3]}")
        differing = [target for target, digests in self.digests.items() if len(digests) > 1]
        check(not differing, f"different bytes for {differing[:3]}")


# ---- processes


class Replica(Server):
    def start(self, **settings: str) -> None:
        super().start(HTTP_TRUSTED_PROXIES="127.0.0.1", **settings)

    def computed(self) -> int:
        """How many faces its workers have computed."""
        return int(self.metric("faceserver_batch_size_sum"))


class Nginx:
    def __init__(self, binary: str, folder: Path, port: int, replicas: list[Replica]):
        self.binary = binary
        self.folder = folder
        self.address = ("127.0.0.1", port)
        self.error_log = folder / "nginx-error.log"
        values = {
            "FACESERVER_LISTEN": f"127.0.0.1:{port}",
            "FACESERVER_SERVERS": " ".join(f"server 127.0.0.1:{replica.address[1]} max_fails=0;" for replica in replicas),
            "FACESERVER_CACHE": str(folder / "cache"),
        }
        text = re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], TEMPLATE.read_text())
        (folder / "faceserver.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/nginx.pid; worker_processes 2; events {{ worker_connections 1024; }}\n"
            f"http {{ access_log off; {temporary}\ninclude {folder}/faceserver.conf; }}\n")

    def start(self) -> None:
        command = [self.binary, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.error_log)]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
        check(tested.returncode == 0, f"nginx refuses the configuration: {tested.stderr}")
        self.process = subprocess.Popen(command)
        wait_until("nginx listens", self._is_listening)

    def _is_listening(self) -> bool:
        check(self.process.poll() is None, "nginx ended at once")
        try:
            socket.create_connection(self.address).close()
            return True
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def upstream_failures(self) -> int:
        """How often a replica failed nginx, which then asked another."""
        return len(re.findall(r"while (?:connecting to upstream|reading response header)", self.error_log.read_text()))


# ---- what is tested


class Cluster:
    def __init__(self, binary: Path, nginx: str, folder: Path):
        port, *ports = free_ports(1 + REPLICAS)
        self.replicas = [Replica(binary, folder / f"replica-{port}.log", port) for port in ports]
        self.nginx = Nginx(nginx, folder, port, self.replicas)
        # Seeds that no test has asked for yet.
        self.seeds = iter(range(1 << 20, 1 << 32))
        self.seeds_lock = threading.Lock()

    def start(self) -> None:
        for replica in self.replicas:
            replica.start()
        self.nginx.start()

    def stop(self) -> None:
        for replica in self.replicas:
            replica.kill()
        if hasattr(self.nginx, "process"):
            self.nginx.stop()

    def crowd(self) -> Crowd:
        return Crowd(self.nginx.address)

    def fresh_face(self) -> str:
        with self.seeds_lock:
            return f"/faces/{next(self.seeds)}.png"

    def fresh_faces(self, count: int) -> Iterator[str]:
        return (self.fresh_face() for _ in range(count))

    def computed(self) -> list[int]:
        return [replica.computed() for replica in self.replicas]

    def test_one_computation(self) -> str:
        faces = [f"/faces/{seed}.png" for seed in range(FACES)]

        def rotated(number: int) -> list[str]:
            # Each client begins elsewhere, some two at the same face.
            start = number // 2 * FACES * 2 // CLIENTS
            return faces[start:] + faces[:start]

        first = self.crowd().start(rotated).join()
        first.check_flawless()
        second = self.crowd().start(rotated).join()
        second.check_flawless()
        check(first.digests == second.digests, "the second time a face has other bytes")
        check(second.caches == {"HIT": CLIENTS * FACES}, f"the second time not all come from the cache: {second.caches}")
        computed = self.computed()
        check(sum(computed) == FACES, f"{FACES} faces took {computed} computations")
        check(min(computed) > FACES / REPLICAS / 2, f"the replicas do not share the work: {computed}")
        self.digests = first.digests
        return f"{2 * CLIENTS * FACES} requests for {FACES} faces: computed {' + '.join(map(str, computed))} = {FACES}"

    def test_same_bytes(self) -> str:
        faces = list(self.digests)[:: FACES // 20]
        for face in faces:
            for replica in self.replicas:
                digest = hashlib.sha256(get(replica.address, face).body).hexdigest()
                check(self.digests[face] == {digest}, f"{face}: other bytes from {replica.address}")
        return f"{len(faces)} faces have the same bytes from each replica and from nginx"

    def test_order_of_parameters(self) -> str:
        before = sum(self.computed())
        face = self.fresh_face()
        for query in ("truncation=0.5&size=32", "size=32&truncation=0.5", "timeout=9s&truncation=0.5&size=32"):
            response = get(self.nginx.address, f"{face}?{query}")
            check(response.status == 200, f"{query}: {response.status}")
            check(response.headers["x-cache-status"] == "MISS", f"{query}: {response.headers['x-cache-status']}")
        check(sum(self.computed()) == before + 1, "another order of the parameters took another computation")
        return "another order of the parameters is computed by nobody"

    def test_client_address(self) -> str:
        face = self.fresh_face()
        response = get(self.nginx.address, face, fields="X-Forwarded-For: 192.0.2.1\r\n", source="127.0.0.9")
        identifier = response.headers["x-request-id"]
        lines: list[str] = []

        def is_logged() -> bool:
            # The log comes after the answer.
            logs = [replica.log.read_text().splitlines(keepends=True) for replica in self.replicas]
            lines[:] = [line for log in logs for line in log if identifier in line and line.endswith("\n")]
            return bool(lines)

        wait_until("the request is logged", is_logged)
        check(len(lines) == 1, f"X-Request-Id {identifier} is in {len(lines)} lines of the replicas' logs")
        check("client=127.0.0.9 " in lines[0], f"another client than 127.0.0.9: {lines[0]}")
        again = get(self.nginx.address, face)
        check(again.headers["x-cache-status"] == "HIT", "the face is not in the cache")
        check(again.headers["x-request-id"] != identifier, "the cache gives away another's X-Request-Id")
        return "the log has the client's address and request identifier, not what the client pretends"

    def test_operators_pages(self) -> str:
        for target in ("/metrics", "/admin/reload", "//metrics", "/x/../metrics", "/%6Detrics"):
            status = get(self.nginx.address, target).status
            check(status == 404, f"{target} is answered with {status}")
        return "/metrics and /admin are not for the world"

    def test_killed_replica(self) -> str:
        victim = self.replicas[1]
        failures = self.nginx.upstream_failures()
        crowd = self.crowd().start(lambda _: self.fresh_faces(100))
        wait_until("a third is answered", lambda: crowd.answered > CLIENTS * 100 / 3)
        victim.kill()
        answered = crowd.answered
        crowd.join().check_flawless()
        check(answered < CLIENTS * 100 * 0.9, f"the kill came too late, after {answered} answers")
        retried = self.nginx.upstream_failures() - failures
        check(retried > 0, "no request was under way to the killed replica")
        victim.start()

        def is_back() -> bool:
            get(self.nginx.address, self.fresh_face())
            return victim.computed() > 0

        wait_until("the replica gets requests again", is_back)
        return f"kill -9 of a replica after {answered} of {crowd.answered} answers: {retried} retried by nginx, no error"

    def test_rolling_restart(self) -> str:
        done = threading.Event()

        def until_done(_: int) -> Iterator[str]:
            while not done.is_set():
                yield self.fresh_face()

        crowd = self.crowd().start(until_done)
        try:
            for replica in self.replicas:
                answered = crowd.answered
                wait_until("there is load", lambda: crowd.answered > answered + 200)
                replica.stop()
                replica.start()
        finally:
            done.set()
            crowd.join()
        crowd.check_flawless()
        return f"rolling restart of all {REPLICAS}: {crowd.answered} answers, no error"

    def test_overload(self) -> str:
        for replica in self.replicas:
            replica.stop()
            replica.start(QUEUE_MAX_DEPTH="1", WORKERS_COUNT="1")
        crowd = self.crowd().start(lambda _: self.fresh_faces(20)).join()
        refused = crowd.responses
        check({response.status for response in refused} == {503}, f"expected some 503 and no other: {crowd.errors[:3]}")
        check(len(crowd.errors) == len(refused) < crowd.answered, f"nothing but errors: {crowd.errors[:3]}")
        for response in refused:
            check(int(response.headers.get("retry-after", 0)) > 0, f"a 503 without Retry-After: {response.headers}")
        return f"full queues: {len(refused)} of {crowd.answered} answered with 503 and Retry-After"

    def test_no_replica(self) -> str:
        for replica in self.replicas:
            replica.stop()
        face = next(iter(self.digests))
        response = get(self.nginx.address, face)
        check(hashlib.sha256(response.body).hexdigest() in self.digests[face], "a cached face is not served")
        check(get(self.nginx.address, self.fresh_face()).status == 502, "a face out of nothing")
        return "without replicas the cache is still served"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver")
    parser.add_argument("--nginx", default=shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"))
    arguments = parser.parse_args()
    if arguments.nginx is None:
        sys.exit("cluster_test: nginx is not installed")

    folder = Path(tempfile.mkdtemp(prefix="faceserver-cluster-"))
    # nginx's workers are of another user where its master is root.
    folder.chmod(0o755)
    cluster = Cluster(arguments.binary, arguments.nginx, folder)
    try:
        cluster.start()
        for test in (
            cluster.test_one_computation, cluster.test_same_bytes, cluster.test_order_of_parameters,
            cluster.test_client_address, cluster.test_operators_pages, cluster.test_killed_replica,
            cluster.test_rolling_restart, cluster.test_overload, cluster.test_no_replica,
        ):
            began = time.monotonic()
            print(f"cluster: {test()} ({time.monotonic() - began:.1f} s)", flush=True)
    except Failure as failure:
        sys.exit(f"cluster_test: {test.__name__ if 'test' in locals() else 'start'}: {failure}")
    finally:
        cluster.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
