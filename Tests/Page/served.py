# SPDX-License-Identifier: Apache-2.0
"""Starts the built server on a free port."""

import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("FACESERVER", str(ROOT / ".build/release/faceserver"))


def new_key(*arguments):
    """A key and its entry for the configuration, as `faceserver key` makes them."""
    result = subprocess.run([PROGRAM, "key", *arguments], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in result.stdout.splitlines()]


class Server:
    """A `with` block ends it."""

    def __init__(self, configuration=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile()
        self._file = None
        arguments = [PROGRAM, "serve", "--port", str(port)]
        if configuration:
            self._file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
            self._file.write(configuration)
            self._file.flush()
            arguments += ["--config", self._file.name]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FACESERVER_")}
        self._process = subprocess.Popen(
            arguments, stdout=subprocess.DEVNULL, stderr=self._log, env=environment)
        deadline = time.monotonic() + 60
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._log.seek(0)
                raise RuntimeError("the server does not start: " + self._log.read().decode())
            time.sleep(0.05)

    def _is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(30)
        self._log.close()
        if self._file:
            self._file.close()
