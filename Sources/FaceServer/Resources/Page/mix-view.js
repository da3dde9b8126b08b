// SPDX-License-Identifier: Apache-2.0

import { makeAddress, numberIn, parseLayers, parseSeed, parseSeeds, pathOf } from "./address.js";
import { Entry, LayerRange, Slider } from "./controls.js";
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

    /** A face with the styles of some others. */
    static from({ model, id, query }) {
        const { truncation, size, class: index, mix, layers } = query;
        const columns = [mix ?? "", "42", "65", "35"].filter((seed) => parseSeed(seed) !== null && seed !== id);
        return makeAddress("mixes", `${id}/${[...new Set(columns)].slice(0, 3).join(",")}`, {
            truncation, size, class: index, layers: layers ?? "0-3",
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
        this.rows.value = seeds.rows.join(", ");
        this.columns.value = seeds.columns.join(", ");
        this.layers.value = this.layersOf(address);
        this.truncation.value = numberIn(address.query.truncation, -2, 2, model.truncation);
        this.refresh();
    }

    layersOf({ query }) {
        const top = this.model.layers - 1;
        return parseLayers(query.layers, top, [0, Math.min(6, top)]);
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
        const onChange = (_, isSettled) => this.change(isSettled);
        this.layers = new LayerRange({
            label: "Layers from the styles", count: model.layers, initial: [0, Math.min(3, model.layers - 1)], onChange,
        });
        this.truncation = new Slider({
            label: "Truncation", low: -2, high: 2, step: 0.01, initial: model.truncation, onChange,
        });
        this.table = element("table", { class: "mixing" });
        this.share = new Share(this.server);
        this.pictures = new Pictures(this.table, this.server, { ...this.events, complete: () => this.proceed() });
        this.section.replaceChildren(
            element("div", { class: "intro" },
                element("h2", { id: "mix-title" }, "Style mixing"),
                element("p", {}, "Each face takes the layers you choose from a style. The first layers hold pose and shape, "
                    + "the last ones colour and light.")),
            element("div", { class: "split" },
                element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Mixing grid" }, this.table),
                element("form", { class: "controls", "aria-label": "Mixing", onsubmit: (event) => event.preventDefault() },
                    ...[this.rows, this.columns, this.layers, this.truncation].map((control) => control.element))),
            this.share.element);
        this.seedsShown = "";
    }

    change(isSettled) {
        const id = [this.rows.value, this.columns.value].map((list) => list.replaceAll(" ", "")).join("/");
        const { address } = this;
        const layers = this.layers.value.join("-");
        this.next = { ...address, id, query: { ...address.query, truncation: this.truncation.value, layers } };
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

function seedList(text) {
    return parseSeeds(text, { high: MixView.maxSeeds });
}
