// SPDX-License-Identifier: Apache-2.0

import { makeAddress, maxSeed, pathOf } from "./address.js";
import { element } from "./dom.js";
import { Pictures } from "./pictures.js";
import { Server } from "./server.js";

/**
 * Faces without end, in blocks of 60 whose height follows from the style sheet, filled or not. Blocks far from what is
 * seen are emptied, which also calls back what they still wait for.
 */
export class Wall {
    static blockSize = 60;
    static side = 128;

    /** @param events `{ open(address, link), asked(), refused(problem) }` */
    constructor(place, server, events) {
        this.place = place;
        this.server = server;
        this.events = events;
        this.blocks = [];
        this.settings = null;
        this.next = null;
        this.pictures = new Pictures(place, server, { ...events, complete: () => this.proceed() });
        this.observer = new IntersectionObserver((entries) => this.observed(entries), { rootMargin: "150% 0px" });
        place.addEventListener("click", (event) => this.clicked(event));
        place.addEventListener("keydown", (event) => this.pressed(event));
        place.addEventListener("focusin", (event) => this.focused(event));
        place.setAttribute("role", "group");
        place.setAttribute("aria-labelledby", "wall-title");
        place.setAttribute("aria-describedby", "wall-help");
    }

    /** @param settings `{ model, from, truncation, class }`; class null for one after the other */
    show(settings) {
        const former = this.settings;
        this.settings = settings;
        if (!former && this.adopt()) return;
        if (former && former.from === settings.from && former.model === settings.model) {
            if (former.truncation !== settings.truncation || former.class !== settings.class) this.repaint();
            return;
        }
        this.observer.disconnect();
        this.place.replaceChildren();
        this.blocks = [];
        this.addBlock();
    }

    /** Takes over what came with the page, if that is what is wanted. */
    adopt() {
        const list = this.place.querySelector("ul:has(a)");
        const { model, from, truncation, class: index } = this.settings;
        const isWanted = list && model === null && from === 0 && index === null
            && truncation === this.server.defaultModel.truncation;
        if (!isWanted) return false;
        for (const link of list.querySelectorAll("a")) link.tabIndex = -1;
        for (const image of list.querySelectorAll("img")) {
            if (image.complete && image.naturalWidth === 0) this.pictures.failed(image);
        }
        this.blocks.push({ list, from, last: Wall.blockSize - 1, isFilled: true });
        this.makeReachable();
        this.observer.observe(list);
        return true;
    }

    /** Shows other settings of the same faces, as soon as those before them have come. */
    preview(settings) {
        this.next = settings;
        if (this.pictures.isComplete) this.proceed();
    }

    proceed() {
        const settings = this.next;
        this.next = null;
        if (settings) this.show(settings);
    }

    addBlock() {
        const from = this.settings.from + this.blocks.length * Wall.blockSize;
        if (from > maxSeed) return;
        const last = Math.min(from + Wall.blockSize - 1, maxSeed);
        const list = element("ul", { class: "rows", "aria-label": `Seeds ${from} to ${last}` });
        this.blocks.push({ list, from, last, isFilled: false });
        this.place.append(list);
        this.observer.observe(list);
    }

    observed(entries) {
        for (const entry of entries) {
            const index = this.blocks.findIndex((block) => block.list === entry.target);
            if (index < 0) continue;
            if (entry.isIntersecting) {
                this.fill(this.blocks[index]);
                if (index === this.blocks.length - 1) this.addBlock();
            } else {
                this.empty(this.blocks[index]);
            }
        }
    }

    fill(block) {
        if (block.isFilled) return;
        block.isFilled = true;
        const seeds = Array.from({ length: block.last - block.from + 1 }, (_, index) => block.from + index);
        block.list.replaceChildren(...seeds.map((seed) => this.tile(seed)));
        this.makeReachable();
    }

    empty(block) {
        if (!block.isFilled || block.list.contains(document.activeElement)) return;
        for (const image of block.list.querySelectorAll("img")) this.pictures.release(image);
        block.isFilled = false;
        block.list.replaceChildren();
    }

    tile(seed) {
        const image = element("img", {
            alt: `Face ${seed}`, width: Wall.side, height: Wall.side, decoding: "async",
        });
        const link = element("a", { "data-seed": seed, tabindex: "-1" },
            image, element("span", { "aria-hidden": "true" }, String(seed)));
        this.paint(link);
        return element("li", {}, link);
    }

    repaint() {
        for (const link of this.place.querySelectorAll("a")) this.paint(link);
    }

    paint(link) {
        const address = this.address(Number(link.dataset.seed));
        // Without a key the address of the picture itself, for whoever wants to copy it.
        link.href = this.server.key === "" ? pathOf(address) : `#${pathOf(address)}`;
        const size = Server.tileSize(this.server.model(this.settings.model));
        this.pictures.load(link.querySelector("img"), pathOf({ ...address, query: { ...address.query, size } }));
    }

    /** The face of a seed as the wall shows it, in full size. */
    address(seed) {
        const { model: name, truncation } = this.settings;
        const model = this.server.model(name);
        return makeAddress("faces", seed, {
            truncation, size: Server.viewSize(model),
            class: model.classes > 0 ? this.settings.class ?? seed % model.classes : undefined,
        }, name);
    }

    clicked(event) {
        const link = event.target.closest("a[data-seed]");
        if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        this.events.open(this.address(Number(link.dataset.seed)), link);
    }

    // One link of the wall can be reached by Tab; the arrow keys go from there.

    makeReachable() {
        if (!this.place.querySelector("a[tabindex='0']")) {
            this.place.querySelector("a")?.setAttribute("tabindex", "0");
        }
    }

    focused(event) {
        const link = event.target.closest("a[data-seed]");
        if (!link) return;
        for (const other of this.place.querySelectorAll("a[tabindex='0']")) other.tabIndex = -1;
        link.tabIndex = 0;
    }

    pressed(event) {
        const link = event.target.closest("a[data-seed]");
        if (!link || event.metaKey || event.ctrlKey || event.altKey) return;
        const columns = getComputedStyle(link.closest("ul")).gridTemplateColumns.split(" ").length;
        const rows = Math.max(1, Math.floor(innerHeight / link.offsetHeight) - 1);
        const step = {
            ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns,
            PageDown: rows * columns, PageUp: -rows * columns, Home: -Infinity,
        }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const seed = Number(link.dataset.seed);
        const target = step === -Infinity ? this.settings.from : seed + step;
        this.focus(Math.min(target, maxSeed));
    }

    /** Moves the focus to a seed, if it is on the wall. */
    focus(seed) {
        if (seed < this.settings.from) return;
        const index = Math.floor((seed - this.settings.from) / Wall.blockSize);
        while (index >= this.blocks.length && this.blocks.at(-1).last < maxSeed) this.addBlock();
        const block = this.blocks[index];
        if (!block) return;
        this.fill(block);
        const link = block.list.querySelector(`a[data-seed="${seed}"]`);
        link?.focus({ preventScroll: true });
        link?.scrollIntoView({ block: "nearest", behavior: "instant" });
    }

    /** What names the wall in the page's address. */
    static addressOf({ model, from, truncation, class: index }, server) {
        const { truncation: usual } = server.model(model);
        return makeAddress("wall", "", {
            from: from === 0 ? undefined : from,
            truncation: truncation === usual ? undefined : truncation,
            class: index ?? undefined,
        }, model, "");
    }
}
