#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: what people see, hear and press. `make page-test` runs it against the built server."""

import base64
import json
import pathlib
import tarfile
import tempfile
import unittest
import urllib.parse

from case import DESKTOP, PHONE, VISIBLE_COMPLETE, PageCase
from served import ROOT, Server, new_key

# Every view.
VIEWS = {
    "wall": "/", "face": "/#/faces/42.png?truncation=0.7", "about": "/#/about",
    "mix": "/#/mixes/3,14/42,65.png?layers=0-3", "morph": "/#/morphs/3-14.png?t=0.5",
    "animation": "/#/morphs/3-14.apng?frames=12&size=64",
}

# What does not stand out from what is behind it: texts that can be seen, as WCAG 2.2, 1.4.3 wants.
FAINT = """(() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((value) => value / 255)
            .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = channels(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] > 0.5) return color;
        }
        return channels(getComputedStyle(document.body).backgroundColor);
    };
    const contrast = (one, other) => {
        const [a, b] = [luminance(channels(one)), luminance(other)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let checked = 0;
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(element);
        const ratio = contrast(style.color, behind(element));
        const isLarge = parseFloat(style.fontSize) >= 24;
        checked += 1;
        if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${walker.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
    }
    // And the edges of what can be operated, as 1.4.11 wants.
    const edged = 'input:not([type=range], [type=radio]), select, .options, .quiet:not(.line *)';
    for (const element of document.querySelectorAll(edged)) {
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        const ratio = contrast(getComputedStyle(element).borderTopColor, behind(element.parentElement));
        checked += 1;
        if (ratio < 3) faint.push(`${element.outerHTML}: ${ratio.toFixed(2)}`);
    }
    return { checked, faint };
})()"""


class PageTest(PageCase):
    # What is seen

    def test_every_view_fits_the_screen_and_complains_of_nothing(self):
        for name, address in VIEWS.items():
            for size in (DESKTOP, PHONE, {"width": 320, "height": 640, "touch": True}, {"width": 768, "height": 1024}):
                with self.subTest(view=name, width=size["width"]):
                    page = self.open(address, **size)
                    self.start(page)
                    self.assertLessEqual(
                        page.eval("document.documentElement.scrollWidth"), size["width"], "it scrolls sideways")
                    self.assertEqual(page.errors, [])

    def test_text_stands_out_in_the_light_and_in_the_dark(self):
        for name, address in VIEWS.items():
            for dark in (False, True):
                with self.subTest(view=name, dark=dark):
                    page = self.open(address, dark=dark)
                    self.start(page)
                    found = page.eval(FAINT)
                    self.assertGreater(found["checked"], 10)
                    self.assertEqual(found["faint"], [])

    def test_everything_that_can_be_operated_has_a_name(self):
        operable = {"button", "link", "slider", "textbox", "radio", "combobox", "checkbox", "DisclosureTriangle", "img"}
        for name, address in VIEWS.items():
            with self.subTest(view=name):
                page = self.open(address)
                self.start(page)
                nodes = page.command("Accessibility.getFullAXTree")["nodes"]
                seen = [node for node in nodes if not node["ignored"] and node["role"]["value"] in operable]
                self.assertGreater(len(seen), 5)
                nameless = [node["role"]["value"] for node in seen if not node["name"]["value"].strip()]
                self.assertEqual(nameless, [])

    def test_faces_are_crisp(self):
        """The built-in model's 64 pixels are enlarged by the server, not by the browser."""
        page = self.open()
        self.start(page)
        self.assertEqual(page.eval("document.querySelector('#wall img').naturalWidth"), 128)
        page.click("#wall a")
        page.wait("document.querySelector('#face .picture').naturalWidth === 128")

    # The wall

    def test_wall_has_no_end_and_lets_go_of_what_is_far(self):
        page = self.open()
        self.start(page)
        for _ in range(12):
            height = page.eval("document.documentElement.scrollHeight")
            page.eval("scrollTo(0, document.documentElement.scrollHeight)")
            page.wait(f"document.documentElement.scrollHeight > {height}")
            page.wait(VISIBLE_COMPLETE)
        seeds = page.eval("[...document.querySelectorAll('#wall a')].map((link) => Number(link.dataset.seed))")
        self.assertEqual(seeds, list(range(seeds[0], seeds[0] + len(seeds))), "none is missing")
        self.assertGreaterEqual(seeds[-1], 12 * 60)
        self.assertGreater(seeds[0], 0, "the first block is empty")
        self.assertLess(len(seeds), 600)
        page.eval("scrollTo(0, 0)")
        page.wait("document.querySelector('#wall a[data-seed=\"0\"] img')?.naturalWidth > 0")
        self.assertEqual(page.errors, [])

    def test_wall_ends_with_the_last_seed(self):
        page = self.open("/#/wall?from=4294967290")
        page.wait("document.querySelectorAll('#wall a').length === 6")
        self.assertEqual(page.eval("document.querySelector('#wall a:last-child').dataset.seed"), "4294967290")
        self.start(page)
        self.assertEqual(page.errors, [])

    def test_wall_follows_its_controls(self):
        page = self.open()
        self.start(page)
        page.eval("""(() => {
            const slider = document.querySelector('#wall-tools input[type=range]');
            slider.value = 0.2;
            slider.dispatchEvent(new Event('input'));
            slider.dispatchEvent(new Event('change'));
        })()""")
        page.wait("document.querySelector('#wall img').src.includes('truncation=0.2')")
        self.assertEqual(page.eval("location.hash"), "#/wall?truncation=0.2")
        page.eval("document.querySelector('#wall-tools .entry input').select(), document.querySelector('#wall-tools .entry input').focus()")
        page.type("1000")
        page.press("Enter")
        page.wait("document.querySelector('#wall a')?.dataset.seed === '1000'")
        self.assertEqual(page.eval("location.hash"), "#/wall?from=1000&truncation=0.2")

    # Keys and fingers

    def focus(self, page):
        return page.eval("document.activeElement.dataset.seed ?? document.activeElement.getAttribute('aria-label')"
                         " ?? document.activeElement.textContent.trim() + document.activeElement.id")

    def test_keyboard_goes_from_the_wall_into_a_face_and_back(self):
        page = self.open()
        self.browser.command(
            "Browser.grantPermissions", browserContextId=page._context,
            permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.start(page)
        page.press("Tab")
        self.assertEqual(self.focus(page), "Skip to the faces")
        for _ in range(30):
            page.press("Tab")
            if self.focus(page) == "0":
                break
        self.assertEqual(self.focus(page), "0", "Tab comes to the first face")
        for key, seed in [("ArrowRight", "1"), ("ArrowRight", "2"), ("ArrowDown", "12"), ("ArrowLeft", "11"),
                          ("ArrowUp", "1"), ("Home", "0"), ("ArrowLeft", "0"), ("ArrowDown", "10")]:
            page.press(key)
            self.assertEqual(self.focus(page), seed, key)
        self.assertNotEqual(page.eval("getComputedStyle(document.activeElement).outlineStyle"), "none", "it is seen")
        page.press("Enter")
        page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
        self.assertEqual(page.eval("location.hash"), "#/faces/10.png?truncation=0.7&size=128")
        self.assertTrue(page.eval("document.querySelector('#face').contains(document.activeElement)"))
        first = page.eval("document.querySelector('#face .picture').src")
        for _ in range(30):
            page.press("Tab")
            if page.eval("document.activeElement.type === 'range'"):
                break
        self.assertEqual(page.eval("document.activeElement.labels[0].textContent"), "Truncation")
        page.press("ArrowRight")
        page.press("ArrowRight")
        page.wait(f"document.querySelector('#face .picture').src !== {json.dumps(first)}")
        page.wait("location.hash === '#/faces/10.png?truncation=0.72&size=128'")
        for _ in range(60):
            page.press("Tab")
            if self.focus(page) == "Copy URL":
                break
        self.assertEqual(self.focus(page), "Copy URL")
        page.press("Enter")
        page.wait("document.querySelector('#face [role=status]').textContent.includes('URL copied')")
        self.assertEqual(
            page.eval("navigator.clipboard.readText()"), self.server.url + "/faces/10.png?truncation=0.72&size=128")
        page.press("Escape")
        page.wait("!document.querySelector('#face').open")
        self.assertEqual(self.focus(page), "10", "the focus is where it came from")
        page.wait("location.hash === ''")
        self.assertEqual(page.errors, [])

    def test_dialog_keeps_the_focus(self):
        page = self.open_face()
        for shift in (False, True):
            for _ in range(40):
                page.press("Tab", shift=shift)
                # The browser's own bar comes in between, where nothing of the page has the focus.
                outside = page.eval("""document.activeElement === document.body
                    || document.querySelector('#face').contains(document.activeElement)
                    ? null : document.activeElement.outerHTML""")
                self.assertIsNone(outside)

    def test_focus_is_not_hidden_behind_what_sticks(self):
        """WCAG 2.2, 2.4.11."""
        for size in (DESKTOP, PHONE):
            page = self.open_face(**size)
            for step in range(80):
                page.press("Tab", shift=step >= 40)
                hidden = page.eval("""(() => {
                    const focused = document.activeElement;
                    const box = focused.getBoundingClientRect();
                    if (focused === document.body || box.width === 0) return null;
                    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                    return top && (focused.contains(top) || top.contains(focused)
                        || [...(focused.labels ?? [])].some((label) => label.contains(top))) ? null : focused.outerHTML;
                })()""")
                self.assertIsNone(hidden, size["width"])

    def test_fingers_open_a_face_and_swipe_to_the_next(self):
        page = self.open(**PHONE)
        self.start(page)
        page.eval("document.querySelector('#wall a[data-seed=\"4\"]').scrollIntoView({ block: 'center', behavior: 'instant' })")
        page.touch(page.center("#wall a[data-seed='4']"))
        page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
        self.assertEqual(page.eval("document.querySelector('#face-title').textContent"), "Face 4")
        x, y = page.center("#face .frame")
        page.touch((x, y), (x - 40, y), (x - 90, y + 5))
        page.wait("document.querySelector('#face-title').textContent === 'Face 5'")
        page.touch((x, y), (x + 2, y + 40), (x + 5, y + 90))
        page.touch((x - 40, y), (x + 10, y), (x + 50, y))
        page.wait("document.querySelector('#face-title').textContent === 'Face 4'")
        small = page.eval("""[...document.querySelectorAll('#face button, #face a, #face summary, #face input')]
            .filter((it) => it.checkVisibility({ visibilityProperty: true }) && Math.max(it.offsetHeight, it.offsetWidth) < 24)
            .map((it) => it.outerHTML)""")
        self.assertEqual(small, [], "WCAG 2.2, 2.5.8")
        self.assertEqual(page.errors, [])

    # Addresses

    def test_address_restores_a_face(self):
        page = self.open_face("/#/faces/7.png?truncation=-0.5&noise=none&size=32&cutoff=3")
        self.assertEqual(page.eval("document.querySelector('#face .picture').naturalWidth"), 32)
        values = page.eval("""Object.fromEntries([...document.querySelectorAll('#face .slider')].map((it) =>
            [it.querySelector('label').textContent, it.querySelector('input').value]))""")
        self.assertEqual(values["Truncation"], "-0.5")
        self.assertEqual(values["Size"], "32")
        self.assertEqual(values["Truncated layers"], "3")
        self.assertEqual(page.eval("document.querySelector('#face input[type=radio]:checked').value"), "none")
        shown = page.eval("document.querySelector('#face .share code').textContent")
        self.assertEqual(shown, self.server.url + "/faces/7.png?truncation=-0.5&cutoff=3&noise=none&size=32")
        tag, command = page.eval("[...document.querySelectorAll('#face .share code')].slice(1).map((it) => it.textContent)")
        self.assertEqual(
            tag, f'<img src="{shown.replace("&", "&amp;")}" width="32" height="32" alt="Face 7">')
        self.assertEqual(command, f"curl -o seed0007.png '{shown}'")

    def test_back_and_forth_are_the_browsers(self):
        page = self.open()
        self.start(page)
        page.click("#wall a[data-seed='3']")
        page.wait("document.querySelector('#face').open && location.hash.startsWith('#/faces/3.png')")
        page.back()
        page.wait("!document.querySelector('#face').open && location.hash === ''")
        self.assertEqual(self.focus(page), "3")
        page.click("nav a[href='#/about']")
        page.wait("!document.querySelector('#about-view').hidden && document.querySelector('#wall-view').hidden")
        page.back()
        page.wait("document.querySelector('#about-view').hidden && !document.querySelector('#wall-view').hidden")
        self.assertEqual(page.errors, [])

    def test_nonsense_in_the_address_shows_the_wall(self):
        for hash in ("#", "#/", "#/faces/", "#/faces/-1.png", "#/faces/x.png", "#/faces/1.exe", "#/models/nobody/faces/1.png",
                     "#//evil.example/faces/1.png", "#/faces/%E0%A4%A.png", "#/wall?from=x&truncation=99"):
            with self.subTest(hash):
                page = self.open("/" + hash)
                self.start(page)
                self.assertFalse(page.eval("document.querySelector('#face').open"))
                self.assertEqual(page.eval("document.querySelector('#wall a').dataset.seed"), "0")
                self.assertEqual(page.errors, [])

    def test_seed_can_be_typed(self):
        page = self.open()
        self.start(page)
        page.click("#seek input")
        page.type("1234567")
        page.press("Enter")
        page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
        self.assertEqual(page.eval("document.querySelector('#face-title').textContent"), "Face 1234567")

    # Requests

    def test_stale_requests_are_aborted(self):
        # A face that the wall behind it has not.
        page = self.open_face("/#/faces/4242.png?truncation=0.7&size=128")
        held = []

        def hold(paused):
            # The first is answered late, the others at once.
            if held:
                self.browser.send("Fetch.continueRequest", page._session, requestId=paused["requestId"])
            else:
                held.append(paused["requestId"])

        page.on_request = hold
        page.command("Fetch.enable", patterns=[{"urlPattern": "*/faces/4242.png*"}])
        page.requests.clear()
        page.eval("""(() => {
            globalThis.move = (value, kind) => {
                const slider = document.querySelector('#face input[type=range]');
                slider.value = value;
                slider.dispatchEvent(new Event('input'));
                if (kind) slider.dispatchEvent(new Event(kind));
            };
            move(0.1);
        })()""")
        page.wait("document.querySelector('#face .frame').getAttribute('aria-busy') === 'true'")
        page.eval("for (let step = 11; step <= 60; step += 1) move(step / 100)")
        page.eval("move(0.61, 'change')")
        page.wait("document.querySelector('#face .frame').getAttribute('aria-busy') === 'false'")
        asked = [url for url in page.requests if "/faces/4242.png" in url]
        self.assertEqual(
            [urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["truncation"][0] for url in asked], ["0.1", "0.61"],
            "what was superseded before its turn is never asked for")
        self.assertIn((asked[0], True), page.failures, "the first was called back")
        self.assertEqual(page.errors, [])

    def test_busy_server_is_asked_again(self):
        page = self.browser.page(**DESKTOP)
        self.addCleanup(page.close)
        turned_away = set()
        problem = base64.b64encode(b'{"status":503,"detail":"The queue is full."}').decode()

        def answer(paused):
            url = paused["request"]["url"]
            # Twice: the picture, and the question why there is none.
            if len([it for it in turned_away if it[0] == url]) < 2:
                turned_away.add((url, paused["requestId"]))
                self.browser.send(
                    "Fetch.fulfillRequest", page._session, requestId=paused["requestId"], responseCode=503, body=problem,
                    responseHeaders=[{"name": "Content-Type", "value": "application/problem+json"},
                                     {"name": "Retry-After", "value": "1"}])
            else:
                self.browser.send("Fetch.continueRequest", page._session, requestId=paused["requestId"])

        page.on_request = answer
        page.command("Fetch.enable", patterns=[{"urlPattern": "*/faces/5.png*"}])
        page.open(self.server.url + "/")
        page.wait("document.querySelector('#notice').checkVisibility()")
        self.assertIn("The queue is full.", page.eval("document.querySelector('#notice').textContent"))
        self.assertFalse(
            page.eval("document.querySelector('#wall a[data-seed=\"5\"] img').checkVisibility({ visibilityProperty: true })"),
            "no broken picture is shown")
        page.wait("document.querySelector('#wall a[data-seed=\"5\"] img').naturalWidth > 0")
        page.wait("document.querySelector('#wall a[data-seed=\"5\"] img').checkVisibility({ visibilityProperty: true })")

    def test_strip_tells_how_the_server_is(self):
        page = self.open()
        self.start(page)
        page.wait("document.querySelector('#strip').checkVisibility()")
        text = page.eval("document.querySelector('#strip').innerText")
        for word in ("Queue", "Workers", "Batch", "Cache"):
            self.assertIn(word, text)

    def test_strip_hides_where_the_server_keeps_it_to_itself(self):
        with Server("metrics: { enabled: false }\n") as server:
            page = self.open(server=server)
            self.start(page)
            self.assertFalse(page.eval("document.querySelector('#strip').checkVisibility()"))

    # Those who want less

    def test_little_motion(self):
        page = self.open_face(reduced_motion=True)
        page.eval("document.querySelector('#face .frame').setAttribute('aria-busy', 'true')")
        self.assertEqual(page.eval("document.getAnimations().length"), 0)
        page = self.open_face()
        page.eval("document.querySelector('#face .frame').setAttribute('aria-busy', 'true')")
        self.assertEqual(page.eval("document.getAnimations().length"), 1, "there is something to leave out")

    def test_without_scripts_it_is_a_wall_of_links(self):
        for size in (DESKTOP, PHONE):
            page = self.open(scripts=False, **size)
            # With scripts off the page answers no questions; its tree still does.
            document = page.command("DOM.getDocument", depth=-1)["root"]["nodeId"]
            links = page.command("DOM.querySelectorAll", nodeId=document, selector="#wall a[href^='/faces/']")["nodeIds"]
            self.assertEqual(len(links), 60)
            hidden = page.command("DOM.querySelectorAll", nodeId=document, selector="#views[hidden], #strip[hidden]")
            self.assertEqual(len(hidden["nodeIds"]), 2)
            metrics = page.command("Page.getLayoutMetrics")
            self.assertLessEqual(metrics["cssContentSize"]["width"], size["width"])
            self.assertEqual(page.errors, [])

    # Servers that are not open

    def test_server_with_keys_asks_for_one(self):
        key, entry = new_key("--name", "web")
        with Server(f'access: {{ keys: ["{entry}"] }}\n') as server:
            page = self.open(server=server)
            page.wait("document.querySelector('#key')")
            self.assertIn("wants an API key", page.eval("document.querySelector('#notice').innerText"))
            self.assertEqual(page.eval("[...document.images].length"), 0, "no broken picture is shown")
            self.assertFalse(page.eval("document.querySelector('#seek').checkVisibility()"))
            for typed in ("wrong", key):
                page.click("#key")
                page.type(typed)
                page.press("Enter")
                if typed == "wrong":
                    page.wait("document.querySelector('#notice').innerText.includes('not known')")
            self.start(page)
            page.wait("document.querySelector('#wall img')?.src.startsWith('blob:')")
            self.assertFalse(page.eval("document.querySelector('#notice').checkVisibility()"))
            page.errors.clear()
            page.click("#wall a[data-seed='3']")
            page.wait("document.querySelector('#face .picture').naturalWidth === 128")
            self.assertIn('-H "Authorization: Bearer $KEY"', page.eval("document.querySelector('#face .share').innerText"))
            self.assertNotIn("<img", page.eval("document.querySelector('#face .share').innerText"))
            page.command("Page.reload")
            page.wait("document.querySelector('#face')?.open && document.querySelector('#face .picture').naturalWidth === 128")
            self.assertEqual([it for it in page.errors if "401" not in it], [])

    def test_server_of_signed_urls_says_so(self):
        (signing,) = new_key("--signing")
        with Server(f'access: {{ signingKeys: ["{signing}"] }}\n') as server:
            page = self.open(server=server)
            page.wait("document.querySelector('#notice').innerText.includes('faceserver sign')")
            self.assertEqual(page.eval("[...document.images].length"), 0)

    # Other models

    def test_controls_are_those_of_the_model(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            with tarfile.open(ROOT / "Tests/Fixtures/golden.tar.xz") as archive:
                for name in ("ada-c-cond-32", "sg3-r-32"):
                    paths[name] = pathlib.Path(folder, f"{name}.pkl")
                    paths[name].write_bytes(archive.extractfile(f"{name}/network.pkl").read())
            configuration = ("model: { default: classes }\nmodels:\n"
                             f"  classes: {paths['ada-c-cond-32']}\n  moving: {paths['sg3-r-32']}\n")
            with Server(configuration) as server:
                page = self.open(server=server)
                self.start(page)
                self.assertEqual(
                    page.eval("[...document.querySelectorAll('#model-choice option')].map((it) => it.value)"),
                    ["classes", "moving"])
                page.click("#wall a[data-seed='13']")
                page.wait("document.querySelector('#face .picture').naturalWidth === 64")
                self.assertEqual(page.eval("location.hash"), "#/faces/13.png?truncation=0.7&class=3&size=64")
                labels = "[...document.querySelectorAll('#face label')].map((it) => it.textContent)"
                self.assertIn("Class", page.eval(labels))
                self.assertNotIn("Turned", page.eval(labels))
                page.press("Escape")
                page.wait("!document.querySelector('#face').open")
                page.eval("""(() => {
                    const select = document.querySelector('#model-choice select');
                    select.value = 'moving';
                    select.dispatchEvent(new Event('change'));
                })()""")
                page.wait("document.querySelector('#wall a')?.getAttribute('href').startsWith('/models/moving/faces/0.png')")
                page.wait(VISIBLE_COMPLETE)
                page.click("#wall a[data-seed='1']")
                page.wait("document.querySelector('#face .picture').naturalWidth === 64")
                self.assertNotIn("Class", page.eval(labels))
                self.assertIn("Turned", page.eval(labels))
                self.assertNotIn("noise", page.eval("document.querySelector('#face .controls').innerText.toLowerCase()"))
                self.assertEqual(page.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
