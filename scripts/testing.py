# SPDX-License-Identifier: Apache-2.0
"""What the tests of whole deployments share: checks, waiting, and an HTTP client that forgives nothing."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable

PATIENCE_SECONDS = 30

Address = tuple[str, int]


class Failure(Exception):
    """Something is not as it should be."""


def check(condition: bool, message: str) -> None:
    if not condition:
        raise Failure(message)


def wait_until(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        check(time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s in vain until {what}")
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


# ---- HTTP


class Response:
    def __init__(self, head: bytes, body: bytes):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.body = body


class Client:
    """One connection, kept open and opened anew only where a response said that it closes: whatever else goes wrong with a
    request is an error."""

    def __init__(self, address: Address, source: str = "127.0.0.1"):
        self.address = address
        self.source = source
        self.socket: socket.socket | None = None
        self.rest = b""

    def get(self, target: str, fields: str = "") -> Response:
        self.send(target, fields)
        return self.receive()

    def send(self, target: str, fields: str = "") -> None:
        if self.socket is None:
            self.socket = socket.create_connection(self.address, PATIENCE_SECONDS, (self.source, 0))
            self.rest = b""
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: faces.test\r\n{fields}\r\n".encode())

    def receive(self) -> Response:
        while b"\r\n\r\n" not in self.rest:
            self._receive()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
        is_empty = head.split(b" ")[1] in (b"204", b"304")
        check(is_empty or length is not None, f"an answer without Content-Length: {head!r}")
        size = 0 if is_empty else int(length[1])
        while len(self.rest) < size:
            self._receive()
        response = Response(head, self.rest[:size])
        self.rest = self.rest[size:]
        if response.headers.get("connection") == "close":
            self.close()
        return response

    def _receive(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError(f"closed within an answer, after {len(self.rest)} bytes of it")
        self.rest += data

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def get(address: Address, target: str, fields: str = "", source: str = "127.0.0.1") -> Response:
    client = Client(address, source)
    try:
        return client.get(target, fields)
    finally:
        client.close()


# ---- the program


class Server:
    """`faceserver serve`, with no settings but those that it is given."""

    def __init__(self, binary: Path, log: Path, port: int | None = None):
        self.binary = binary
        self.log = log
        self.address: Address = ("127.0.0.1", port or free_ports(1)[0])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str | Path, **settings: str) -> None:
        """Returns once it is ready. A setting is an environment variable without FACESERVER_."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FACESERVER_")}
        environment.update({f"FACESERVER_{name}": value for name, value in settings.items()})
        command = [self.binary, "serve", "--port", str(self.address[1]), *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wait_until(f"{self.address} is ready", self._is_ready)

    def _is_ready(self) -> bool:
        check(self.process.poll() is None, f"the server ended at once: {self.log.read_text()[-500:]}")
        try:
            return get(self.address, "/readyz").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE_SECONDS)
        check(status == 0, f"exit status {status} after SIGTERM")

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def metric(self, series: str) -> float:
        """What /metrics says of a series, such as `faceserver_cache_entries{tier="memory"}`."""
        page = get(self.address, "/metrics").body.decode()
        return float(re.search(rf"^{re.escape(series)} (\S+)$", page, re.M)[1])
