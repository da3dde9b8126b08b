#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs reference fixtures (a folder per network, see Tests/Fixtures/README.md) into one small .tar.xz.

  pack_golden.py GOLDEN_DIR OUT.tar.xz FOLDER...

Random float32 weights do not compress, so what no test reads is made compressible or left out:
- in an NVIDIA pickle the weight bytes of `G` and `D` become zero (structure, lengths and opcodes stay as they are);
- of `expected.safetensors` the float64 yardsticks (`*.img_f64`) go, and so does, with `--seeds`, what belongs to
  other seeds; the manifest follows.
xz then folds the copies of one network in several containers into one.
"""
import argparse
import io
import json
import pickle
import pickletools
import struct
import tarfile
from pathlib import Path


class _Storages(pickle.Unpickler):
    """Walks a legacy torch.save stream without importing anything."""

    def persistent_load(self, pid):
        return pid

    def find_class(self, module, name):
        return f"{module}.{name}"


def tensor_bytes(blob: bytes) -> tuple[int, int]:
    """The range of the raw elements in a legacy torch.save blob: five pickles, int64 count, elements."""
    stream = io.BytesIO(blob)
    for _ in range(5):
        _Storages(stream).load()
    start = stream.tell() + 8
    return start, len(blob)


def zero_unused_networks(data: bytes) -> bytes:
    out, entry = bytearray(data), None
    for op, arg, pos in pickletools.genops(data):
        if op.name in ("SHORT_BINUNICODE", "BINUNICODE") and arg in ("G", "D", "G_ema", "augment_pipe"):
            entry = arg
        if entry in ("G", "D") and op.name in ("SHORT_BINBYTES", "BINBYTES") and len(arg) > 230:
            head = 2 if op.name == "SHORT_BINBYTES" else 5
            assert data[pos + head : pos + head + len(arg)] == arg
            start, end = tensor_bytes(arg)
            out[pos + head + start : pos + head + end] = bytes(end - start)
    return bytes(out)


def trim_expected(data: bytes, keys: set[str] | None) -> bytes:
    (size,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + size]), data[8 + size :]
    kept, chunks, offset = {}, [], 0
    for name, entry in header.items():
        if name == "__metadata__" or name.endswith("img_f64") or (keys is not None and name not in keys):
            continue
        start, end = entry["data_offsets"]
        kept[name] = dict(entry, data_offsets=[offset, offset + end - start])
        chunks.append(body[start:end])
        offset += end - start
    text = json.dumps(kept, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(chunks)


def trimmed(folder: Path, seeds: list[int] | None):
    """Yields (name, bytes) of what a fixture folder contributes."""
    manifest_path, keys = folder / "manifest.json", None
    if seeds is not None and manifest_path.exists():
        manifest = json.loads(manifest_path.read_text())
        manifest["samples"] = [s for s in manifest["samples"] if s["seed"] in seeds]
        named = manifest["samples"] + [manifest["style_mix"]] + manifest["w_interpolation"]["samples"]
        keys = {s[k] for s in named for k in ("z", "w", "img", "rgb") if k in s} | {"w_avg"}
        yield "manifest.json", json.dumps(manifest).encode()
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        if path.name == "manifest.json" and keys is not None:
            continue
        if path.suffix == ".pkl" and data[:1] == b"\x80" and folder.name.startswith("ada-"):
            data = zero_unused_networks(data)
        elif path.name.startswith("expected") and path.suffix == ".safetensors":
            data = trim_expected(data, keys)
        yield path.name, data


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("golden", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", nargs="+", help="NAME, or NAME:SEED,SEED to keep those seeds' samples only")
    args = parser.parse_args()
    with tarfile.open(args.out, "w:xz", preset=9) as tar:
        for folder in args.folders:
            name, _, seeds = folder.partition(":")
            path = args.golden / name
            members = [(path.name, path.read_bytes())] if path.is_file() else [
                (f"{name}/{n}", d) for n, d in trimmed(path, [int(s) for s in seeds.split(",")] if seeds else None)
            ]
            for member, data in members:
                info = tarfile.TarInfo(member)
                info.size, info.mode = len(data), 0o644
                tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
