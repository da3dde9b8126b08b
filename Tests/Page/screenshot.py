#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes a picture of the page as the built server shows it: screenshot.py FILE.webp [ADDRESS]"""

import base64
import pathlib
import sys

from browser import Browser
from case import VISIBLE_COMPLETE
from served import Server

SIZE = {"width": 1200, "height": 750}


def main():
    file, address = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "/"
    with Server() as server, Browser() as browser:
        page = browser.page(**SIZE)
        page.open(server.url + address)
        page.wait("document.documentElement.classList.contains('scripted')")
        page.wait(VISIBLE_COMPLETE)
        page.wait("document.querySelector('#strip').checkVisibility()")
        page.wait("![...document.querySelectorAll('[aria-busy=true]')].some((it) => it.checkVisibility())")
        data = page.command("Page.captureScreenshot", format="webp", quality=80)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(data))


if __name__ == "__main__":
    main()
