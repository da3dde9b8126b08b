// SPDX-License-Identifier: Apache-2.0

import { makeAddress, numberIn, parseSeed, pathOf } from "./address.js";
import { Entry, Slider } from "./controls.js";
import { element } from "./dom.js";
import { Pictures } from "./pictures.js";
import { Server } from "./server.js";
import { Share } from "./share.js";

/** The style mixing grid: each row's face with some layers of each column's. */
export class MixView {
    static maxSeeds = 8;
    static side = 128;

    /** @param events `{ changed(address), asked(), refused(problem) }` */
    constructor(section, server, events) {
        this.section = section;
        this.server = server;
        this.events = events;
        this.builtFor = null;
        this.next = null;
    }

    /** What the view shows when nothing else is asked for. */
    static initial(server, model) {
        const { layers, resolution } = server.model(model);
        return makeAddress("mixes", "3,14,15,92/42,65,35", {
            layers: `0-${Math.min(3, layers - 1)}`, size: Server.viewSize({ resolution }),
        }, model);
    }

    /** Two lists of seeds, or null. */
    static seeds(id) {
        const [rows, columns, ...others] = id.split("/").map(seedList);
        return rows && columns && others.length === 0 ? { rows, columns } : null;
    }

    show(address) {
        const model = this.server.model(address.model);
        const seeds = MixView.seeds(address.id);
        if (this.builtFor !== model.name) this.build(model);
        this.address = address;
        const [first, last] = this.layers(address);
        this.rows.value = seeds.rows.join(", ");
        this.columns.value = seeds.columns.join(", ");
        this.first.value = first;
        this.last.value = last;
        this.truncation.value = numberIn(address.query.truncation, -2, 2, model.truncation);
        this.refresh();
    }

    layers({ query }) {
        const [first, last = first] = (query.layers ?? "").split("-");
        const top = this.model.layers - 1;
        return [numberIn(first, 0, top, 0), numberIn(last, 0, top, Math.min(6, top))];
    }

    build(model) {
        this.builtFor = model.name;
        this.model = model;
        const complaint = `One to ${MixView.maxSeeds} seeds with commas between them`;
        const entry = (label) => new Entry({
            label, complaint, parse: (text) => seedList(text)?.join(", ") ?? null,
            onChange: () => this.change(true),
        });
        this.rows = entry("Faces");
        this.columns = entry("Styles");
        const slider = (label, settings) => new Slider({
            label, ...settings, onChange: (_, isSettled) => this.change(isSettled),
        });
        const last = model.layers - 1;
        this.first = slider("From layer", { low: 0, high: last, step: 1, initial: 0 });
        this.last = slider("To layer", { low: 0, high: last, step: 1, initial: Math.min(3, last) });
        this.truncation = slider("Truncation", { low: -2, high: 2, step: 0.01, initial: model.truncation });
        this.table = element("table", { class: "mixing" });
        this.share = new Share(this.server);
        this.pictures = new Pictures(this.table, this.server, { ...this.events, complete: () => this.proceed() });
        this.section.replaceChildren(
            element("div", { class: "intro" },
                element("h2", { id: "mix-title" }, "Style mixing"),
                element("p", {}, "Each face takes the layers you choose from a style. The first layers hold pose and shape, "
                    + "the last ones colour and light.")),
            element("form", { class: "panel-tools", "aria-label": "Mixing", onsubmit: (event) => event.preventDefault() },
                this.rows.element, this.columns.element, this.first.element, this.last.element, this.truncation.element),
            element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Mixing grid" }, this.table),
            this.share.element);
        this.seedsShown = "";
    }

    change(isSettled) {
        const [first, last] = [this.first.value, this.last.value].sort((a, b) => a - b);
        const id = [this.rows.value, this.columns.value].map((list) => list.replaceAll(" ", "")).join("/");
        const { address } = this;
        this.next = { ...address, id, query: { ...address.query, truncation: this.truncation.value, layers: `${first}-${last}` } };
        if (isSettled || this.pictures.isComplete) this.proceed();
        if (isSettled) this.events.changed(this.address);
    }

    proceed() {
        if (!this.next) return;
        this.address = this.next;
        this.next = null;
        this.refresh();
    }

    refresh() {
        const { rows, columns } = MixView.seeds(this.address.id);
        if (this.seedsShown !== this.address.id) {
            this.seedsShown = this.address.id;
            this.table.replaceChildren(
                element("thead", {}, element("tr", {}, element("td"), ...columns.map((seed) => this.cell("th", "col", seed)))),
                element("tbody", {}, ...rows.map((row) => element("tr", {},
                    this.cell("th", "row", row), ...columns.map((column) => this.cell("td", undefined, row, column))))));
        }
        for (const link of this.table.querySelectorAll("a")) this.paint(link);
        this.share.show(pathOf(this.address), "mix.png", "Style mixing", null);
    }

    cell(tag, scope, seed, style) {
        const name = style === undefined ? `Face ${seed}` : `Face ${seed} with the style of ${style}`;
        const link = element("a", { "data-seed": seed, "data-style": style, title: name },
            element("img", { alt: name, width: MixView.side, height: MixView.side, decoding: "async" }));
        return element(tag, { scope }, link);
    }

    paint(link) {
        const { seed, style } = link.dataset;
        const { model } = this.address;
        const { layers, ...own } = this.address.query;
        own.size = Server.viewSize(this.model);
        const face = makeAddress("faces", seed, style === undefined ? own : { ...own, mix: style, layers }, model);
        link.href = `#${pathOf(face)}`;
        const size = Server.tileSize(this.model);
        this.pictures.load(link.firstChild, pathOf({ ...face, query: { ...face.query, size } }));
    }
}

/** "3, 14" is [3, 14]; null for what is not a list of one to eight seeds. */
function seedList(text) {
    const seeds = text.split(",").map(parseSeed);
    return seeds.includes(null) || seeds.length > MixView.maxSeeds ? null : seeds;
}
