#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each view of the page lets people change, and what the page's address and the lines to copy then say."""

import json
import pathlib
import tarfile
import tempfile
import unittest

from case import PHONE, PageCase
from served import ROOT, Server

# Sets the slider of this label, as a hand does: first while it moves, then where it is let go.
MOVE = """((label, value) => {
    const slider = [...document.querySelectorAll('.slider')].find((it) =>
        it.checkVisibility() && it.querySelector('label').textContent === label).querySelector('input');
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
    slider.dispatchEvent(new Event('change'));
})(%s)"""

# Presses the word of this text among those that can be chosen.
CHOOSE = """[...document.querySelectorAll('.options label')].find((it) =>
    it.checkVisibility() && it.textContent === %s).querySelector('input').click()"""

LABELS = """[...document.querySelectorAll('.control > label, .control > legend')]
    .filter((it) => it.checkVisibility()).map((it) => it.textContent)"""

CHOSEN = "[...document.querySelectorAll('.options input:checked + span')].filter((it) => it.checkVisibility())" \
    ".map((it) => it.textContent)"

SHARED = "[...document.querySelectorAll('.share code')].find((it) => it.checkVisibility()).textContent"


class ViewsTest(PageCase):
    def move(self, page, label, value):
        page.eval(MOVE % f"{json.dumps(label)}, {value}")

    def choose(self, page, text):
        page.eval(CHOOSE % json.dumps(text))

    def enter(self, page, selector, text):
        page.eval(f"(() => {{ const it = document.querySelector({json.dumps(selector)}); it.focus(); it.select(); }})()")
        page.type(text)
        page.press("Enter")

    def expect_shared(self, page, path):
        """The line to copy has this URL, and the server has a picture there."""
        self.assertEqual(page.eval(SHARED), self.server.url + path)
        type = page.eval(f"fetch({json.dumps(path)}).then((it) => it.ok && it.headers.get('Content-Type'))")
        self.assertRegex(str(type), "^image/")

    def test_every_view_is_reached_from_the_bar(self):
        page = self.open()
        self.start(page)
        self.assertEqual(
            page.eval("[...document.querySelectorAll('#views a')].map((it) => it.textContent)"),
            ["Wall", "Mix", "Morph", "API"])
        for name, view in [("Mix", "mix-view"), ("Morph", "morph-view"), ("Wall", "wall-view")]:
            page.eval(f"[...document.querySelectorAll('#views a')].find((it) => it.textContent === '{name}').click()")
            page.wait(f"document.querySelector('#{view}').checkVisibility()")
            self.start(page)
        page.back()
        page.wait("document.querySelector('#morph-view').checkVisibility()")
        page.back()
        page.wait("document.querySelector('#mix-view').checkVisibility()")
        self.assertEqual(page.errors, [])

    # Mixing

    def test_mixing_grid_follows_seeds_and_layers(self):
        page = self.open("/#/mixes/3,14/42.png?layers=0-3")
        self.start(page)
        self.assertEqual(page.eval(CHOSEN), ["Coarse"])
        self.assertEqual(page.eval("document.querySelectorAll('.mixing img').length"), 5)
        self.choose(page, "Fine")
        page.wait("location.hash.includes('layers=8-9')")
        source = "document.querySelector('.mixing td a[data-style] img').getAttribute('src')"
        page.wait(f"{source} === '/faces/3.png?truncation=0.7&mix=42&layers=8-9&size=128'")
        self.move(page, "From layer", 2)
        page.wait("location.hash.includes('layers=2-9')")
        self.assertEqual(page.eval(CHOSEN), [], "no word is said for this range")
        # The ends may come in either order.
        self.move(page, "To layer", 0)
        page.wait("location.hash.includes('layers=0-2')")
        self.enter(page, "#mix-view .entry input", "5, 6, 7")
        page.wait("document.querySelectorAll('.mixing img').length === 7")
        self.start(page)
        self.expect_shared(page, "/mixes/5,6,7/42.png?truncation=0.7&layers=0-2")
        self.enter(page, "#mix-view .entry input", "5, x")
        page.wait("document.querySelector('#mix-view .error').checkVisibility()")
        self.assertEqual(page.eval("location.hash"), "#/mixes/5,6,7/42.png?truncation=0.7&layers=0-2")
        page.click(".mixing td a[data-style]")
        page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth === 128")
        self.assertEqual(page.eval("location.hash"), "#/faces/5.png?truncation=0.7&mix=42&layers=0-2&size=128")
        page.back()
        page.wait("!document.querySelector('#face').open")
        self.assertEqual(page.errors, [])

    def test_face_goes_on_to_its_mixes_and_morphs(self):
        page = self.open_face("/#/faces/7.png?truncation=0.5&mix=9&layers=4-7&size=128")
        links = page.eval("[...document.querySelectorAll('#face .actions a[href^=\"#\"]')].map((it) => it.getAttribute('href'))")
        self.assertEqual(links, [
            "#/mixes/7/9,42,65.png?truncation=0.5&layers=4-7&size=128", "#/morphs/7-6.png?truncation=0.5&t=0.5&size=128"])
        page.eval("document.querySelector('#face .actions a[href^=\"#/mixes\"]').click()")
        page.wait("document.querySelector('#mix-view').checkVisibility()")
        self.start(page)
        self.assertEqual(page.errors, [])

    # Morphs

    def test_place_of_a_morph_follows_the_slider(self):
        page = self.open("/#/morphs/3-14.png?t=0.5&size=64", **PHONE)
        self.start(page)
        first = page.eval("document.querySelector('#morph-view .picture').src")
        self.move(page, "Place", 0.25)
        page.wait(f"document.querySelector('#morph-view .picture').src !== {json.dumps(first)}")
        self.expect_shared(page, "/morphs/3-14.png?truncation=0.7&t=0.25&size=64")
        self.choose(page, "In z")
        page.wait("location.hash === '#/morphs/3-14.png?truncation=0.7&t=0.25&space=z&size=64'")
        self.choose(page, "At the first face")
        page.wait("location.hash === '#/morphs/3-14.png?truncation=0.7&t=0.25&space=z&loop=true&size=64'")
        self.move(page, "Place", 2)
        self.expect_shared(page, "/morphs/3-14.png?truncation=0.7&t=2&space=z&loop=true&size=64")
        self.assertEqual(page.errors, [])

    def test_animation_plays_and_can_be_had(self):
        page = self.open("/#/morphs/3-14-42.apng?frames=12&size=32")
        page.wait("document.querySelector('#morph-view').checkVisibility()")
        picture = "document.querySelectorAll('#morph-view .picture')[1]"
        page.wait(f"{picture}.complete && {picture}.naturalWidth === 32")
        self.expect_shared(page, "/morphs/3-14-42.apng?truncation=0.7&frames=12&size=32")
        self.choose(page, "WebP")
        self.choose(page, "At the last")
        path = "/morphs/3-14-42.webp?truncation=0.7&frames=12&fps=24&loop=false&size=32"
        page.wait(f"{picture}.src.endsWith({json.dumps(path)}) && {picture}.complete && {picture}.naturalWidth === 32")
        self.assertEqual(page.eval("location.hash"), "#" + path)
        self.expect_shared(page, path)
        link = page.eval("[...document.querySelectorAll('a[download]')].filter((it) => it.checkVisibility())"
                         ".map((it) => [it.getAttribute('href'), it.download])")
        self.assertEqual(link, [[path, "morph.webp"]])
        page.click("#morph-view form .actions button")
        self.assertFalse(page.eval(f"{picture}.hasAttribute('src')"), "it stops")
        page.click("#morph-view form .actions button")
        page.wait(f"{picture}.naturalWidth === 32")
        self.assertEqual(page.errors, [])

    def test_animation_waits_for_those_who_want_little_motion(self):
        page = self.open("/#/morphs/3-14.apng?frames=12&size=32", reduced_motion=True)
        page.wait("document.querySelector('#morph-view').checkVisibility()")
        picture = "document.querySelectorAll('#morph-view .picture')[1]"
        self.assertFalse(page.eval(f"{picture}.hasAttribute('src')"))
        page.click("#morph-view form .actions button")
        page.wait(f"{picture}.naturalWidth === 32")
        self.assertEqual(page.errors, [])

    # Edits

    def test_directions_move_the_face(self):
        page = self.open_face("/#/faces/7.png?truncation=0.7&size=64&edit=30:2,1:1:0-3")
        self.assertEqual(page.eval(CHOSEN)[-1], "All")
        first = page.eval("document.querySelector('#face .picture').src")
        self.move(page, "Direction 0", 3)
        page.wait(f"document.querySelector('#face .picture').src !== {json.dumps(first)}")
        page.wait("location.hash === '#/faces/7.png?truncation=0.7&edit=30:2,1:1:0-3,0:3&size=64'")
        self.move(page, "Direction 1", 0)
        page.wait("location.hash.includes('edit=30:2,0:3&')")
        self.choose(page, "Middle")
        page.wait("location.hash.includes('edit=30:2:4-7,0:3:4-7&')")
        self.expect_shared(page, "/faces/7.png?truncation=0.7&edit=30:2:4-7,0:3:4-7&size=64")
        count = "document.querySelectorAll('#face .slider').length"
        before = page.eval(count)
        page.eval("[...document.querySelectorAll('#face button')].find((it) => it.textContent === 'More directions').click()")
        self.assertEqual(page.eval(count), before + 8)
        self.assertEqual(page.eval("document.activeElement.labels[0].textContent"), "Direction 8")
        self.assertEqual(page.errors, [])

    def test_quality_goes_with_formats_that_have_one(self):
        page = self.open_face("/#/faces/7.png?truncation=0.7&size=64")
        self.assertNotIn("Quality", page.eval(LABELS))
        self.choose(page, "JPEG")
        page.wait("location.hash.startsWith('#/faces/7.jpg')")
        self.assertIn("Quality", page.eval(LABELS))
        self.move(page, "Quality", 30)
        page.wait("location.hash.includes('quality=30')")
        self.expect_shared(page, "/faces/7.jpg?truncation=0.7&size=64&quality=30")
        self.choose(page, "PNG")
        page.wait("location.hash === '#/faces/7.png?truncation=0.7&size=64'")
        self.assertEqual(page.errors, [])

    def test_own_directions_come_first_and_by_name(self):
        with tempfile.TemporaryDirectory() as folder:
            # A file of NumPy with a direction of the built-in model's w.
            width = 256
            header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({width},), }}".encode()
            header += b" " * (-(len(header) + 11) % 64) + b"\n"
            path = pathlib.Path(folder, "smile.npy")
            path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0\0\x80\x3f" * width)
            with Server(f"model: {{ directions: [\"smile={path}\"] }}\n") as server:
                page = self.open("/#/faces/7.png?truncation=0.7&size=64", server=server)
                page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
                labels = page.eval(LABELS)
                self.assertEqual(labels.index("Direction 0"), labels.index("smile") + 1)
                self.move(page, "smile", 1.5)
                page.wait("location.hash.includes('edit=smile:1.5')")
                page.wait("document.querySelector('#face .frame').getAttribute('aria-busy') === 'false'")
                self.assertEqual(page.errors, [])

    # Models that have less

    def test_views_are_those_of_the_model(self):
        with tempfile.TemporaryDirectory() as folder:
            moving = pathlib.Path(folder, "sg3-r-32.pkl")
            with tarfile.open(ROOT / "Tests/Fixtures/golden.tar.xz") as archive:
                moving.write_bytes(archive.extractfile("sg3-r-32/network.pkl").read())
            plain = ROOT / "Fuzzing/Corpus/Safetensors/dcgan"
            with Server(f"model: {{ default: plain }}\nmodels:\n  plain: {plain}\n  moving: {moving}\n") as server:
                page = self.open("/#/faces/3.png", server=server)
                page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
                labels = page.eval(LABELS)
                for name in ("Noise", "Direction 0", "Layers to edit", "Turned", "Class", "Truncated layers"):
                    self.assertNotIn(name, labels)
                self.assertEqual(
                    page.eval("[...document.querySelectorAll('#face .actions a[href^=\"#\"]')]"
                              ".filter((it) => it.checkVisibility()).map((it) => it.textContent)"), ["Morph"])
                page.eval("location.hash = '#/mixes/1/2.png'")
                page.wait("document.querySelector('#wall-view').checkVisibility()")
                self.assertEqual(
                    page.eval("[...document.querySelectorAll('#views a')].filter((it) => it.checkVisibility())"
                              ".map((it) => it.textContent)"), ["Wall", "Morph", "API"])
                page.eval("location.hash = '#/models/moving/mixes/1/2.png'")
                page.wait("document.querySelector('#mix-view').checkVisibility()")
                page.eval("location.hash = '#/morphs/1-2.png?t=0.3'")
                page.wait("document.querySelector('#morph-view .picture').naturalWidth === 4")
                self.assertEqual(page.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
