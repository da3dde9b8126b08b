# SPDX-License-Identifier: Apache-2.0
"""Drives a headless Chromium over the Chrome DevTools protocol, through a pipe, with nothing but the standard library."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

KEYS = {
    "Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36,
    "PageDown": 34, "End": 35,
}


class ProtocolError(Exception):
    """The browser refused a command, or is gone."""


class Browser:
    """One process. A `with` block ends it and removes its profile."""

    def __init__(self):
        program = next((path for path in map(shutil.which, NAMES) if path), None)
        if program is None:
            raise ProtocolError("there is no Chromium: install the package 'chromium'")
        self._profile = tempfile.mkdtemp(prefix="faceserver-page-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        flags = ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self._profile}", "--no-first-run",
                 "--disable-background-networking", "--disable-gpu", "--hide-scrollbars", "--mute-audio",
                 "--disable-dev-shm-usage", "--force-color-profile=srgb"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")

        def wire():
            # Away from 3 and 4 first, where one of them may be.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            while min(reading, writing) < 5:
                reading, writing = os.dup(reading), os.dup(writing)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self._process = subprocess.Popen(
            [program, *flags], preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._answers = {}
        self.listeners = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.command("Browser.close")
        except ProtocolError:
            pass
        os.close(self._write)
        os.close(self._read)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def command(self, method, session=None, **parameters):
        """Sends a command and returns its result."""
        number = self.send(method, session, **parameters)
        deadline = time.monotonic() + 60
        while number not in self._answers:
            self.pump(deadline - time.monotonic())
            if time.monotonic() > deadline:
                raise ProtocolError(f"{method}: no answer")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise ProtocolError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def send(self, method, session=None, **parameters):
        """Sends a command whose answer nobody needs."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        return self._number

    def pump(self, seconds):
        """Takes in what the browser says, at most so long, and returns after the first of it."""
        if b"\0" not in self._buffer:
            if not select.select([self._read], [], [], max(0, seconds))[0]:
                return
            data = os.read(self._read, 1 << 20)
            if not data:
                raise ProtocolError("the browser is gone")
            self._buffer += data
        *messages, self._buffer = self._buffer.split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                for listener in list(self.listeners):
                    listener(message)

    def page(self, width=1440, height=900, dark=False, touch=False, reduced_motion=False, scripts=True, scale=1):
        """A new tab of its own storage, looking at nothing yet."""
        return Page(self, width, height, dark, touch, reduced_motion, scripts, scale)


class Page:
    """A tab, with what it complained of and what it asked for."""

    def __init__(self, browser, width, height, dark, touch, reduced_motion, scripts, scale):
        self.browser = browser
        self.errors = []
        self.requests = []
        self.failures = []
        self.on_request = None
        self._paths = {}
        self._context = browser.command("Target.createBrowserContext")["browserContextId"]
        self._target = browser.command(
            "Target.createTarget", url="about:blank", browserContextId=self._context)["targetId"]
        self._session = browser.command("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        browser.listeners.append(self._heard)
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.command(f"{domain}.enable")
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=touch)
        self.command("Emulation.setTouchEmulationEnabled", enabled=touch)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else "no-preference"}])
        self.command("Emulation.setFocusEmulationEnabled", enabled=True)
        if not scripts:
            self.command("Emulation.setScriptExecutionDisabled", value=True)

    def close(self):
        self.browser.listeners.remove(self._heard)
        self.browser.command("Target.disposeBrowserContext", browserContextId=self._context)

    def command(self, method, **parameters):
        return self.browser.command(method, self._session, **parameters)

    def _heard(self, message):
        if message.get("sessionId") != self._session:
            return
        method, values = message["method"], message["params"]
        if method == "Runtime.exceptionThrown":
            details = values["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(argument.get("value")) for argument in values["args"]))
        elif method == "Log.entryAdded" and values["entry"]["level"] in ("error", "warning"):
            self.errors.append(values["entry"]["text"] + " " + values["entry"].get("url", ""))
        elif method == "Network.requestWillBeSent":
            self._paths[values["requestId"]] = values["request"]["url"]
            self.requests.append(values["request"]["url"])
        elif method == "Network.loadingFailed":
            self.failures.append((self._paths.get(values["requestId"]), values.get("canceled", False)))
        elif method == "Fetch.requestPaused" and self.on_request:
            self.on_request(values)

    def open(self, url):
        self.command("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def eval(self, expression):
        """The value of an expression in the page; promises are awaited."""
        answer = self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ProtocolError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait(self, condition, seconds=20):
        """Returns as soon as an expression is true."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.eval(f"Boolean({condition})"):
                    return
            except ProtocolError as error:
                # The page is just being replaced by another.
                if "context" not in str(error) and "navigated" not in str(error):
                    raise
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s: {condition}; errors: {self.errors}")
            self.browser.pump(0.02)

    def press(self, key, shift=False):
        code = KEYS.get(key, ord(key[0]))
        values = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self.command("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **values, **text)
        self.command("Input.dispatchKeyEvent", type="keyUp", **values)

    def type(self, text):
        self.command("Input.insertText", text=text)

    def center(self, selector):
        return self.eval(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")

    def click(self, selector):
        self.eval(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'nearest', behavior: 'instant'}})")
        x, y = self.center(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def touch(self, *points):
        """A finger that goes from the first point to the last."""
        self.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": points[0][0], "y": points[0][1]}])
        for x, y in points[1:]:
            self.command("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": x, "y": y}])
        self.command("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def back(self):
        history = self.command("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self.command("Page.navigateToHistoryEntry", entryId=entry["id"])

    def screenshot(self, path):
        data = self.command("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
