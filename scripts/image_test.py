#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the Dockerfile without a Docker daemon, and runs what comes out.

    image_test.py [--reference .build/release/faceserver]

Needs root, buildah, debootstrap and a Swift toolchain. The base images are made here: Debian 12 by debootstrap, and the same
with the toolchain of this machine mounted. The reference is a build of the same sources outside of a container.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from testing import PATIENCE_SECONDS, Client, Failure, check, free_ports, get, wait_until

ROOT = Path(__file__).resolve().parent.parent
MAX_LAYER_MEGABYTES = 60
DEBIAN = "bookworm"
# What Swift's own image has beside the toolchain.
TOOLCHAIN_PACKAGES = (
    "binutils ca-certificates git libc6-dev libcurl4 libedit2 libgcc-12-dev libncurses6 libsqlite3-0 libstdc++-12-dev "
    "libxml2 libz3-4 tzdata"
)


def output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def tree_bytes(folder: Path) -> int:
    """What the files of a tree hold, hard links once."""
    return int(output(["du", "--summarize", "--bytes", "--one-file-system", str(folder)]).split()[0])


class Builder:
    """buildah with a store of its own, which goes when the test ends."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.command = [
            "buildah", "--storage-driver", "vfs", "--root", f"{folder}/storage", "--runroot", f"{folder}/run"]

    def __call__(self, *arguments: str) -> str:
        return output([*self.command, *arguments])

    def build(self, tag: str, context: Path, *options: str) -> None:
        began = time.monotonic()
        built = subprocess.run(
            [*self.command, "bud", "--isolation", "chroot", "--format", "docker", "--tag", tag, *options, str(context)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        check(built.returncode == 0, f"{tag} cannot be built:\n{built.stdout[-5000:]}")
        print(f"image: {tag} is built ({time.monotonic() - began:.0f} s)", flush=True)

    def mount(self, image: str) -> Path:
        return Path(self("mount", self("from", "--pull-never", image)))


def debian_mirror() -> str:
    """Where this machine has its Debian packages from."""
    targets = output(["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {DEBIAN}", "Origin: Debian"])
    return (targets.splitlines() or ["http://deb.debian.org/debian"])[0]


def make_base(builder: Builder) -> None:
    folder = builder.folder / "debian"
    subprocess.run(
        ["debootstrap", "--variant=minbase", DEBIAN, str(folder), debian_mirror()], check=True,
        stdout=subprocess.DEVNULL)
    for path in [*folder.glob("var/cache/apt/archives/*.deb"), *folder.glob("var/lib/apt/lists/*_*")]:
        path.unlink()
    container = builder("from", "scratch")
    builder("add", "--quiet", container, str(folder), "/")
    builder("commit", "--quiet", "--rm", container, "localhost/debian")
    shutil.rmtree(folder)


def make_swift(builder: Builder, toolchain: Path) -> None:
    context = builder.folder / "swift"
    context.mkdir()
    (context / "Dockerfile").write_text(
        "FROM localhost/debian\n"
        f"RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends {TOOLCHAIN_PACKAGES}\n"
        f"ENV PATH={toolchain}/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n")
    builder.build("localhost/swift", context)


def shared_with_the_build(toolchain: Path) -> list[Path]:
    """The toolchain, and whatever tells git and the package manager where packages come from on this machine."""
    paths = [toolchain, Path("/etc/gitconfig"), Path.home() / ".gitconfig", Path.home() / ".swiftpm/configuration"]
    rewrites = subprocess.run(
        ["git", "config", "--get-regexp", "--name-only", r"^url\..*\.insteadof$"], stdout=subprocess.PIPE, text=True)
    for name in rewrites.stdout.splitlines():
        paths.append(Path(re.sub(r"^url\.(?:file://)?(.*)\.insteadof$", r"\1", name)))
    return [path for path in dict.fromkeys(paths) if path.is_absolute() and path.exists()]


def build(builder: Builder) -> None:
    swift = shutil.which(os.environ.get("SWIFT", "swift"))
    check(swift is not None, "no Swift toolchain: put its usr/bin on the PATH")
    toolchain = Path(swift).resolve().parent.parent.parent
    make_base(builder)
    make_swift(builder, toolchain)
    volumes = [f"--volume={path}:{path}:ro" for path in shared_with_the_build(toolchain)]
    builder.build(
        "localhost/faceserver", ROOT, *volumes, "--build-arg", "SWIFT_IMAGE=localhost/swift",
        "--build-arg", "BASE_IMAGE=localhost/debian", "--build-arg", "BUILD_REVISION=image-test")


class Container:
    """The image's file system, read-only, with its program as process 1 of a process namespace, as its user."""

    def __init__(self, root: Path, settings: dict[str, Any], port: int, log: Path):
        self.settings = settings
        self.log = log
        self.address = ("127.0.0.1", port)
        environment = [*settings["Env"], f"PORT={port}", "FACESERVER_WORKERS_COUNT=1", "FACESERVER_BATCH_MAX_SIZE=1"]
        # Mounting is done by a shell in the new namespaces, whose place the program then takes.
        script = (
            'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && mount -t proc proc "$1/proc" && root=$1 user=$2 '
            'folder=$3 && shift 3 && exec chroot --userspec="$user" "$root" /usr/bin/env -i --chdir="$folder" "$@"')
        self.command = [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", str(root),
            settings["User"], settings["WorkingDir"], *environment]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*self.command, *arguments], capture_output=True, text=True)

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.command, *self.settings["Entrypoint"], *self.settings["Cmd"]], stdout=log, stderr=log)
        wait_until("the container is healthy", self.is_healthy)

    def is_healthy(self) -> bool:
        check(self.process.poll() is None, f"the container ended at once: {self.log.read_text()[-1000:]}")
        _, *command = self.settings["Healthcheck"]["Test"]
        return self.run(*command).returncode == 0

    def stop(self) -> int:
        # unshare waits for the program, which is its only child, and ends as it does.
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        check(len(children) == 1, f"processes under unshare: {children}")
        os.kill(int(children[0]), signal.SIGTERM)
        return int(children[0])


def check_settings(settings: dict[str, Any]) -> None:
    check(re.fullmatch(r"[1-9]\d*:[1-9]\d*", settings["User"]) is not None, f"the user is {settings['User']!r}")
    check(list(settings["ExposedPorts"]) == ["8080/tcp"], f"exposed: {settings['ExposedPorts']}")
    check(settings["Entrypoint"] == ["faceserver"], f"entry point: {settings['Entrypoint']}")
    check(settings["Healthcheck"]["Test"] == ["CMD", "faceserver", "healthcheck"], f"{settings['Healthcheck']}")
    labels = settings["Labels"]
    for name in ("title", "description", "licenses", "revision"):
        check(bool(labels.get(f"org.opencontainers.image.{name}")), f"no label {name}: {labels}")
    check(labels["org.opencontainers.image.revision"] == "image-test", f"revision: {labels}")


def check_drain(container: Container) -> None:
    """Everything that was asked for before SIGTERM is answered."""
    clients = [Client(container.address) for _ in range(200)]
    for seed, client in enumerate(clients):
        client.send(f"/faces/{seed}.png?size=128&truncation=0.9")

    def received() -> tuple[int, int]:
        page = get(container.address, "/metrics").body.decode()
        answered = sum(
            int(count) for count in re.findall(r'^faceserver_request_duration_seconds_count.*"/faces.* (\d+)$', page, re.M))
        # This request for the metrics is in flight too.
        return answered, int(re.search(r"^faceserver_requests_in_flight (\d+)$", page, re.M)[1]) - 1

    earlier = 1
    wait_until("all requests have come in", lambda: sum(received()) == len(clients) + earlier)
    in_flight = received()[1]
    check(in_flight > 0, "all were answered before SIGTERM")
    container.stop()
    for client in clients:
        response = client.receive()
        check(response.status == 200 and response.body.startswith(b"\x89PNG"), f"{response.status} while draining")
    status = container.process.wait(PATIENCE_SECONDS)
    check(status == 0, f"exit status {status} after SIGTERM")
    print(f"image: SIGTERM with {in_flight} requests in flight: all are answered, exit status 0", flush=True)


def test(builder: Builder, reference: Path) -> None:
    build(builder)
    settings = json.loads(builder("inspect", "--type", "image", "localhost/faceserver"))["Docker"]["config"]
    check_settings(settings)

    root = builder.mount("localhost/faceserver")
    megabytes = (tree_bytes(root) - tree_bytes(builder.mount("localhost/debian"))) / 1e6
    binary = (root / "usr/local/bin/faceserver").stat().st_size / 1e6
    check(megabytes <= MAX_LAYER_MEGABYTES, f"the layers hold {megabytes:.1f} MB, more than {MAX_LAYER_MEGABYTES}")
    print(f"image: {megabytes:.1f} MB on top of the base, {binary:.1f} MB of them the program", flush=True)

    container = Container(root, settings, free_ports(1)[0], builder.folder / "container.log")
    check(container.run("touch", "/tmp/x").returncode != 0, "the root is not read-only")
    check("image-test" in container.run("faceserver", "--version").stdout, "--version does not tell the revision")
    container.start()
    try:
        face = get(container.address, "/faces/42.png?truncation=0.7").body
        subprocess.run(
            [reference, "generate", "--seeds", "42", "--trunc", "0.7", "--outdir", builder.folder], check=True,
            stdout=subprocess.DEVNULL)
        expected = (builder.folder / "seed0042.png").read_bytes()
        check(face == expected, "the face has other bytes than outside of the container")
        digest = hashlib.sha256(face).hexdigest()[:12]
        print(f"image: healthy as user {settings['User']} on a read-only root, face {digest} as outside", flush=True)
        check_drain(container)
    finally:
        container.process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, default=ROOT / ".build/release/faceserver")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("image_test: needs root, for debootstrap and to mount the image")
    for tool in ("buildah", "debootstrap"):
        if shutil.which(tool) is None:
            sys.exit(f"image_test: {tool} is not installed")

    # Not in /tmp, which may be memory.
    folder = Path(tempfile.mkdtemp(prefix="faceserver-image-", dir="/var/tmp"))
    builder = Builder(folder)
    try:
        test(builder, arguments.reference)
    except (Failure, subprocess.CalledProcessError) as failure:
        sys.exit(f"image_test: {failure}")
    finally:
        subprocess.run([*builder.command, "rm", "--all"], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
