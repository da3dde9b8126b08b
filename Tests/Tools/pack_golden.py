#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs reference fixtures (a folder per network, see Tests/Fixtures/README.md) into one small .tar.xz.

  pack_golden.py GOLDEN_DIR OUT.tar.xz FOLDER...

Random float32 weights do not compress, so what no test reads is made compressible or left out:
- in an NVIDIA pickle, of PyTorch or TensorFlow, the weight bytes of `G` and `D` become zero (structure, lengths and
  opcodes stay as they are);
- of `expected.safetensors` the float64 yardsticks (`*.img_f64`) go, and so do the samples of seeds and truncations that
  are not asked for; the manifest follows.
xz then folds the copies of one network in several containers into one.

The archive in Tests/Fixtures is of

  rng.json ada-a-32:0,4294967295:1,0.7,0,-0.7:mix ada-a-32-torch1.13 ada-b-64:0:0.7 ada-c-cond-32:0:1,0.7
  ada-d-clamp-32:0:1,0.7 ada-e-resnet-32:0,1:1,0.7:mix ada-e-orig-32:0:1,0.7 sg3-t-64:0,42:1,0.7 sg3-r-32:0,42:1,0.7
  rosinality-64:0,1:1,0.7 rosinality-a-32 tf-a-32 dcgan full-synth
"""
import argparse
import io
import json
import lzma
import pickle
import pickletools
import struct
import tarfile
from pathlib import Path


# PROTO 2, LONG1 of 10 bytes, the magic number.
TORCH_SAVE = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")


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


def zero_networks(data: bytes, keep: set[str]) -> bytes:
    """Sets the weights of all networks of a pickle but some to zero."""
    networks = {"G", "D", "Gs", "G_ema"}
    out, entry = bytearray(data), None
    for op, arg, pos in pickletools.genops(data):
        if op.name in ("SHORT_BINUNICODE", "BINUNICODE") and arg in networks | {"augment_pipe"}:
            entry = arg
        if entry not in networks - keep or not isinstance(arg, (bytes, str)) or len(arg) <= 230:
            continue
        if op.name in ("SHORT_BINBYTES", "BINBYTES"):
            head = 2 if op.name == "SHORT_BINBYTES" else 5
            assert data[pos + head : pos + head + len(arg)] == arg
            is_storage = arg.startswith(TORCH_SAVE)
            start, end = tensor_bytes(arg) if is_storage else (0, len(arg))
            out[pos + head + start : pos + head + end] = bytes(end - start)
        elif op.name == "BINUNICODE" and arg.startswith(TORCH_SAVE.decode("latin-1")):
            # Protocol 2 has no bytes: they are Latin-1 text, in UTF-8.
            encoded = arg.encode()
            start, end = tensor_bytes(arg.encode("latin-1"))
            first = len(arg[:start].encode())
            assert data[pos + 5 : pos + 5 + len(encoded)] == encoded
            # As many letters of two bytes as before, which keeps the numbers of bytes and of letters.
            long = sum(letter >= "\x80" for letter in arg[start:end])
            out[pos + 5 + first : pos + 5 + len(encoded)] = ("\x80" * long + "\x00" * (end - start - long)).encode()
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


def texts(value) -> set[str]:
    """All strings in a manifest, among them the keys of what it names."""
    if isinstance(value, dict):
        return set().union(*(texts(v) for v in value.values()), set())
    if isinstance(value, list):
        return set().union(*(texts(v) for v in value), set())
    return {value} if isinstance(value, str) else set()


def trimmed(folder: Path, choice: list[str]):
    """Yields (name, bytes) of what a fixture folder contributes."""
    keys = None
    if choice:
        manifest = json.loads((folder / "manifest.json").read_text())
        seeds, psis = ([float(n) for n in part.split(",")] for part in choice[:2])
        manifest["samples"] = [s for s in manifest["samples"] if s["seed"] in seeds and s["psi"] in psis]
        if "mix" not in choice:
            manifest.pop("style_mix", None)
            manifest.pop("w_interpolation", None)
        keys = texts(manifest) | {"w_avg", "latent_avg"}
        yield "manifest.json", json.dumps(manifest).encode()
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        if path.name == "manifest.json" and choice:
            continue
        if path.suffix == ".pkl":
            data = zero_networks(data, keep={"Gs", "G_ema"})
        elif path.name.startswith("expected") and path.suffix == ".safetensors":
            data = trim_expected(data, keys)
        yield path.name, data


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("golden", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "folders", nargs="+", help="NAME, or NAME:SEED,SEED:PSI,PSI to keep those samples only; with :mix also mixtures")
    args = parser.parse_args()
    # Contexts of four bytes suit floats: an eighth less than the preset's.
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 2, "lp": 2, "pb": 2}]
    with lzma.open(args.out, "wb", filters=filters) as xz, tarfile.open(fileobj=xz, mode="w") as tar:
        for folder in args.folders:
            name, *choice = folder.split(":")
            path = args.golden / name
            members = [(path.name, path.read_bytes())] if path.is_file() else [
                (f"{name}/{n}", d) for n, d in trimmed(path, choice)
            ]
            for member, data in members:
                info = tarfile.TarInfo(member)
                info.size, info.mode = len(data), 0o644
                tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
