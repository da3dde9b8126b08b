# SPDX-License-Identifier: Apache-2.0
"""What the tests of the page have in common."""

import unittest

from browser import Browser
from served import Server

PHONE = {"width": 360, "height": 800, "touch": True}
DESKTOP = {"width": 1440, "height": 900}

# Every picture that can be seen has come.
VISIBLE_COMPLETE = """[...document.querySelectorAll('img[src]')].every((image) => {
    const box = image.getBoundingClientRect();
    const isSeen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    return !isSeen || (image.complete && image.naturalWidth > 0);
})"""


class PageCase(unittest.TestCase):
    """Tests that share a browser and a server of the built-in model."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.__exit__)
        cls.server = Server()
        cls.addClassCleanup(cls.server.__exit__)

    def open(self, address="/", server=None, **settings):
        page = self.browser.page(**{**DESKTOP, **settings})
        self.addCleanup(page.close)
        page.open((server or self.server).url + address)
        return page

    def start(self, page):
        """Waits until the scripts have taken over and what can be seen has come."""
        page.wait("document.documentElement.classList.contains('scripted')")
        page.wait(VISIBLE_COMPLETE)

    def open_face(self, address="/#/faces/42.png?truncation=0.7&size=128", **settings):
        page = self.open(address, **settings)
        page.wait("document.querySelector('#face').open && document.querySelector('#face .picture').naturalWidth")
        page.wait("document.querySelector('#face .frame').getAttribute('aria-busy') === 'false'")
        return page
