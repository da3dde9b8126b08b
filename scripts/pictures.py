#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the README's pictures by the commands that the README prints under them, and no others.

    pictures.py            makes them and says which have changed
    pictures.py --check    changes nothing; exits with 1 when a picture would be another

A command stands in the first ```sh block after the pictures. Every picture in docs/ that the README shows is to be made by it.
Screenshots are not compared: they hang on the browser and its fonts.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = re.compile(r'!\[[^\]]+\]\((docs/[^)]+)\)|<img[^>]* src="(docs/[^"]+)"')
# What a browser draws, which is not the same everywhere.
SCREENSHOT = "docs/page.webp"


def blocks(text):
    """Each `(pictures, commands)` of the README."""
    pictures = []
    for part in re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL):
        if part.startswith("```sh\n"):
            if pictures:
                yield pictures, part[len("```sh\n"):-len("```")]
            pictures = []
        else:
            pictures += [first or second for first, second in PICTURE.findall(part)]
    if pictures:
        raise SystemExit(f"pictures: no command stands under {', '.join(pictures)}")


def contents(names):
    return {name: (ROOT / name).read_bytes() if (ROOT / name).exists() else None for name in names}


def main():
    is_check = sys.argv[1:] == ["--check"]
    shown = list(blocks((ROOT / "README.md").read_text()))
    if not shown:
        raise SystemExit("pictures: the README shows none")
    changed = []
    for pictures, commands in shown:
        if is_check and SCREENSHOT in pictures:
            continue
        before = contents(pictures)
        # Away with them, so that none is there but for its command.
        for name in pictures:
            (ROOT / name).unlink(missing_ok=True)
        try:
            result = subprocess.run(["sh", "-euc", commands], cwd=ROOT, stdout=subprocess.DEVNULL)
            after = contents(pictures)
        finally:
            for name in pictures:
                if before[name] is not None and (is_check or not (ROOT / name).exists()):
                    (ROOT / name).write_bytes(before[name])
        missing = [name for name, content in after.items() if content is None]
        if result.returncode or missing:
            raise SystemExit(f"pictures: {', '.join(missing) or 'a command'} failed:\n{commands}")
        changed += [name for name in pictures if before[name] != after[name]]
        for name in pictures:
            print(f"{name}: {len(after[name]) / 1000:.0f} KB{', changed' if name in changed else ''}")
    if is_check and changed:
        raise SystemExit("pictures: run `make pictures`")


if __name__ == "__main__":
    main()
