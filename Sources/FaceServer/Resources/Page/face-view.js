// SPDX-License-Identifier: Apache-2.0

import {
    editsText, makeAddress, maxSeed, numberIn, parseEdits, parseLayers, parseSeed, pathOf, randomSeed,
} from "./address.js";
import { Choice, Entry, group, LayerRange, Slider } from "./controls.js";
import { announce, decimal, element } from "./dom.js";
import { PicturePanel } from "./picture-panel.js";
import { Server } from "./server.js";

/** One face and everything that can be changed about it. */
export class FaceView {
    /** How many of the directions without a name are shown at a time, which come by how much they change; and how far all
     *  go. */
    static directionCount = 8;
    static reach = 6;
    /** The quality of a URL that names none. */
    static quality = 85;

    /** @param events `{ changed(address, isNew), closed(), mix(address), morph(address), asked(), refused(problem) }` */
    constructor(dialog, server, events) {
        this.dialog = dialog;
        this.server = server;
        this.events = events;
        this.address = null;
        this.builtFor = null;
        this.panel = new PicturePanel(server, events);
        this.title = element("h2", { id: "face-title" });
        this.controls = element("div", { class: "controls" });
        this.back = this.stepButton("Previous seed", "\u2190", -1);
        this.forth = this.stepButton("Next seed", "\u2192", 1);
        this.mix = element("a", { class: "quiet button", href: "#" }, "Mix");
        this.morph = element("a", { class: "quiet button", href: "#" }, "Morph");
        dialog.append(
            element("div", { class: "stage" },
                element("div", { class: "stage-picture" }, this.back, this.panel.frame, this.forth),
                this.panel.caption),
            element("div", { class: "side" },
                element("header", {}, this.title,
                    element("button", {
                        type: "button", class: "close", "aria-label": "Close", onclick: () => this.events.closed(),
                    }, "\u2715")),
                this.controls,
                this.panel.share.element),
            element("p", { class: "hidden", role: "status" }));
        this.panel.share.download.after(this.mix, this.morph);
        dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.events.closed();
        });
        dialog.addEventListener("click", (event) => {
            if (event.target === dialog) this.events.closed();
        });
        dialog.addEventListener("keydown", (event) => this.pressed(event));
        this.followSwipes();
    }

    stepButton(label, text, step) {
        return element("button", {
            type: "button", class: "step", "aria-label": label, onclick: () => this.step(step),
        }, text);
    }

    get isOpen() {
        return this.dialog.open;
    }

    /** @param address of the kind "faces" or "avatars" */
    async open(address) {
        this.address = address;
        const model = this.server.model(address.model);
        if (this.builtFor !== model.name) {
            await this.build(model);
            // Another face may have been opened meanwhile.
            if (this.address !== address) return;
        }
        this.fillControls();
        if (!this.dialog.open) {
            this.dialog.showModal();
            this.dialog.querySelector(".close").focus({ preventScroll: true });
        }
        this.refresh(true);
        announce(this.name);
    }

    close() {
        this.address = null;
        this.panel.clear();
        if (this.dialog.open) this.dialog.close();
    }

    get name() {
        return this.address.kind === "avatars" ? `Face of \u201c${this.address.id}\u201d` : `Face ${this.address.id}`;
    }

    /** Makes the controls that a model's faces have. */
    async build(model) {
        const directions = await this.server.directions(model);
        this.builtFor = model.name;
        this.model = model;
        const set = (name, usual) => (value, isSettled) => this.set({ [name]: value === usual ? undefined : value }, isSettled);
        this.parts = {
            seed: new Entry({
                label: "Seed", numeric: true, complaint: `A whole number from 0 to ${maxSeed}`,
                parse: parseSeed, onChange: (seed) => this.go(seed),
            }),
            truncation: new Slider({
                label: "Truncation", low: -2, high: 2, step: 0.01, initial: model.truncation,
                hint: "0 is the average face, 1 the full variety, below 0 the opposite face.",
                onChange: (value, isSettled) => this.set({ truncation: value }, isSettled),
            }),
        };
        const basic = [
            element("div", { class: "seed-row" }, this.parts.seed.element, element("button", {
                type: "button", class: "quiet", onclick: () => this.go(randomSeed()),
            }, "Random")),
            this.parts.truncation,
        ];
        if (model.classes > 0) {
            this.parts.class = new Slider({
                label: "Class", low: 0, high: model.classes - 1, step: 1, initial: 0,
                onChange: (value, isSettled) => this.set({ class: value }, isSettled),
            });
            basic.push(this.parts.class);
        }
        if (model.noise) {
            this.parts.noise = new Choice({
                label: "Noise", initial: "const",
                options: [["const", "Fixed"], ["random", "By seed"], ["none", "None"]],
                onChange: (noise) => {
                    this.set({ noise: noise === "const" ? undefined : noise, noise_seed: undefined }, true);
                    this.fillControls();
                },
            });
            basic.push(this.parts.noise);
            if (this.server.parameter("noise_seed", model)) {
                this.parts.noiseSeed = new Entry({
                    label: "Noise seed", numeric: true, hint: "the face\u2019s own",
                    complaint: `A whole number from 0 to ${maxSeed}, or nothing`,
                    parse: (text) => (text.trim() === "" ? "" : parseSeed(text)), onChange: set("noise_seed", ""),
                });
                basic.push(this.parts.noiseSeed);
            }
        }
        const { resolution } = model;
        this.parts.size = new Slider({
            label: "Size", low: Math.min(16, resolution), high: resolution * 2, step: Math.max(1, resolution / 64),
            initial: Server.viewSize(model) ?? resolution, format: (value) => `${value} px`,
            onChange: set("size", resolution),
        });
        basic.push(this.parts.size);
        const best = this.server.parameter("best_of", model);
        if (best) {
            this.parts.best = new Slider({
                label: "Best of", low: 1, high: best.schema.maximum, step: 1, initial: 1,
                hint: "So many seeds from this one on, as the model\u2019s discriminator judges them.",
                onChange: set("best_of", 1),
            });
            basic.push(this.parts.best);
        }
        const types = [["png", "PNG"], ["jpg", "JPEG"], ["webp", "WebP"]]
            .filter(([type]) => type === "png" || this.server.offers("faces", type));
        if (types.length > 1) {
            this.parts.type = new Choice({
                label: "Format", initial: "png", options: types, onChange: (type) => this.setType(type),
            });
            this.parts.quality = new Slider({
                label: "Quality", low: 1, high: 100, step: 1, initial: FaceView.quality,
                onChange: set("quality", FaceView.quality),
            });
            basic.push(this.parts.type, this.parts.quality);
        }
        const groups = [this.directionControls(directions), this.mixControls(), this.poseControls()];
        if (model.layers > 1) {
            this.parts.cutoff = new Slider({
                label: "Truncated layers", low: 0, high: model.layers, step: 1, initial: model.cutoff,
                hint: "Truncation applies to so many layers, from the coarsest on.", onChange: set("cutoff", model.cutoff),
            });
            groups.push(group("Layers", false, this.parts.cutoff));
        }
        this.controls.replaceChildren(
            ...basic.map((control) => control.element ?? control), ...groups.filter(Boolean),
            element("p", { class: "actions" }, element("button", {
                type: "button", class: "quiet", onclick: () => this.reset(),
            }, "Reset all")));
    }

    /** Named directions, the first of those found in the weights, and a button for more of these. */
    directionControls(directions) {
        const named = directions.filter(({ name }) => name !== undefined);
        const found = directions.filter(({ name }) => name === undefined);
        this.directions = [];
        if (directions.length === 0) return null;
        const more = element("button", { type: "button", class: "quiet", onclick: () => add() }, "More directions");
        const place = element("p", { class: "actions" }, more);
        const add = () => {
            const added = found.splice(0, FaceView.directionCount).map((direction) => this.directionSlider(direction));
            place.before(...added.map(({ slider }) => slider.element));
            this.directions.push(...added);
            place.hidden = found.length === 0;
            if (this.dialog.open) {
                this.fillDirections();
                added[0]?.slider.input.focus();
            }
        };
        this.directions.push(...named.map((direction) => this.directionSlider(direction)));
        const { layers } = this.model;
        this.parts.editLayers = layers > 1 ? new LayerRange({
            label: "Layers to edit", count: layers, initial: [0, layers - 1],
            onChange: (_, isSettled) => this.setEditLayers(isSettled),
        }) : null;
        const made = group(
            "Directions", true, ...this.directions.map(({ slider }) => slider), place, this.parts.editLayers ?? "");
        add();
        return made;
    }

    directionSlider({ name, index }) {
        const key = name ?? String(index);
        const slider = new Slider({
            label: name ?? `Direction ${index}`, low: -FaceView.reach, high: FaceView.reach, step: 0.1, initial: 0,
            onChange: (value, isSettled) => this.setStep(key, value, isSettled),
        });
        return { key, slider };
    }

    /** Steps that no slider shows, along other directions or once more along the same, stay as they are. */
    setStep(key, value, isSettled) {
        const edits = parseEdits(this.address.query.edit);
        const own = edits.find((edit) => edit.key === key);
        if (own) own.step = decimal(value);
        else edits.push({ key, step: decimal(value), layers: this.editLayers });
        this.set({ edit: editsText(edits) }, isSettled);
    }

    setEditLayers(isSettled) {
        const layers = this.editLayers;
        const edits = parseEdits(this.address.query.edit).map((edit) => ({ ...edit, layers }));
        this.set({ edit: editsText(edits) }, isSettled);
    }

    /** What a step names of the layers: undefined for all. */
    get editLayers() {
        const [first, last] = this.parts.editLayers?.value ?? [0, this.model.layers - 1];
        return first === 0 && last === this.model.layers - 1 ? undefined : `${first}-${last}`;
    }

    fillDirections() {
        const edits = parseEdits(this.address.query.edit);
        for (const { key, slider } of this.directions) {
            slider.value = numberIn(edits.find((edit) => edit.key === key)?.step, -FaceView.reach, FaceView.reach, 0);
        }
        // Where nothing is edited, the range is what the next step is for.
        if (this.parts.editLayers && edits.length > 0) {
            const top = this.model.layers - 1;
            this.parts.editLayers.value = parseLayers(edits[0].layers, top, [0, top]);
        }
    }

    mixControls() {
        if (!this.server.parameter("mix", this.model) || this.model.layers < 2) return null;
        const onChange = (_, isSettled) => this.set(this.mixQuery(), isSettled);
        this.parts.mix = new Entry({
            label: "With seed", numeric: true, complaint: `A whole number from 0 to ${maxSeed}, or nothing`,
            parse: (text) => (text.trim() === "" ? "" : parseSeed(text)), onChange,
        });
        this.parts.layers = new LayerRange({
            label: "Layers from that seed", count: this.model.layers, initial: this.usualMix, onChange,
        });
        return group("Style mixing", false, this.parts.mix, this.parts.layers);
    }

    /** The layers of a URL that names none. */
    get usualMix() {
        return [0, Math.min(6, this.model.layers - 1)];
    }

    mixQuery() {
        const mix = this.parts.mix.value;
        return { mix, layers: mix === "" ? undefined : this.parts.layers.value.join("-") };
    }

    poseControls() {
        if (!this.model.transform) return null;
        const move = (_, isSettled) => this.set({ translate: this.offsetText() }, isSettled);
        const slider = (label) => new Slider({ label, low: -1, high: 1, step: 0.01, initial: 0, onChange: move });
        this.parts.right = slider("To the right");
        this.parts.down = slider("Down");
        this.parts.rotate = new Slider({
            label: "Turned", low: -180, high: 180, step: 1, initial: 0, format: (value) => `${value}\u00b0`,
            onChange: (value, isSettled) => this.set({ rotate: value === 0 ? undefined : value }, isSettled),
        });
        return group("Place", false, this.parts.right, this.parts.down, this.parts.rotate);
    }

    offsetText() {
        const [x, y] = [this.parts.right.value, this.parts.down.value];
        return x === 0 && y === 0 ? undefined : `${decimal(x)},${decimal(y)}`;
    }

    /** Sets every control to what the address says. */
    fillControls() {
        const { query, kind, id } = this.address;
        const { parts, model } = this;
        const isNamed = kind === "avatars";
        this.controls.querySelector(".seed-row").hidden = isNamed;
        this.back.hidden = this.forth.hidden = isNamed;
        if (!isNamed) {
            parts.seed.value = id;
            this.back.disabled = Number(id) === 0;
            this.forth.disabled = Number(id) === maxSeed;
        }
        parts.truncation.value = numberIn(query.truncation, -2, 2, model.truncation);
        if (parts.class) parts.class.value = numberIn(query.class, 0, model.classes - 1, 0);
        if (parts.noise) parts.noise.value = query.noise ?? "const";
        if (parts.noiseSeed) {
            parts.noiseSeed.value = parseSeed(query.noise_seed ?? "") ?? "";
            parts.noiseSeed.element.hidden = query.noise !== "random";
        }
        if (parts.best) parts.best.value = numberIn(query.best_of, 1, 64, 1);
        if (parts.type) {
            parts.type.value = this.address.type;
            parts.quality.value = numberIn(query.quality, 1, 100, FaceView.quality);
            parts.quality.element.hidden = this.address.type === "png";
        }
        parts.size.value = numberIn(query.size, 1, model.resolution * 2, model.resolution);
        if (parts.cutoff) parts.cutoff.value = numberIn(query.cutoff, 0, model.layers, model.cutoff);
        this.fillDirections();
        if (parts.mix) {
            parts.mix.value = parseSeed(query.mix ?? "") ?? "";
            parts.layers.value = parseLayers(query.layers, model.layers - 1, this.usualMix);
        }
        if (parts.rotate) {
            const [x, y] = (query.translate ?? "").split(",");
            parts.right.value = numberIn(x, -1, 1, 0);
            parts.down.value = numberIn(y, -1, 1, 0);
            parts.rotate.value = numberIn(query.rotate, -180, 180, 0);
        }
    }

    /** Changes parameters of the face that is shown. */
    set(changes, isSettled) {
        this.address = { ...this.address, query: { ...this.address.query, ...changes } };
        this.refresh(isSettled);
        if (isSettled) this.events.changed(this.address, false);
    }

    setType(type) {
        this.address = { ...this.address, type };
        this.set(type === "png" ? { quality: undefined } : {}, true);
        this.fillControls();
    }

    reset() {
        const { model } = this;
        const { kind, id } = this.address;
        this.address = makeAddress(kind, id, {
            truncation: model.truncation, size: Server.viewSize(model),
            class: model.classes > 0 ? this.address.query.class : undefined,
        }, this.address.model);
        this.fillControls();
        this.set({}, true);
        announce("Everything is as it was");
    }

    step(by) {
        const seed = Number(this.address.id) + by;
        if (this.address.kind === "faces" && seed >= 0 && seed <= maxSeed) this.go(seed);
    }

    /** Shows another seed with the same parameters. */
    go(seed) {
        this.address = { ...this.address, id: String(seed) };
        this.fillControls();
        this.set({}, true);
        announce(this.name);
    }

    refresh(isSettled) {
        const path = pathOf(this.address);
        this.title.textContent = this.name;
        this.panel.show(path, this.name, { settled: isSettled });
        const stem = this.address.kind === "avatars" ? "face" : `seed${this.address.id.padStart(4, "0")}`;
        const side = this.parts.size.value;
        this.panel.share.show(path, `${stem}.${this.address.type}`, this.name, side);
        const isSeed = this.address.kind === "faces";
        this.link(this.morph, isSeed && this.server.offers("morphs"), this.events.morph);
        this.link(this.mix, isSeed && this.server.offers("mixes") && this.model.layers > 1, this.events.mix);
    }

    /** Shows a link to the address that `target` makes of this one, where there is something to see. */
    link(link, isOffered, target) {
        link.hidden = !isOffered;
        link.href = isOffered ? `#${target(this.address)}` : "";
    }

    pressed(event) {
        const isControl = event.target.closest("input, summary, code, [tabindex='0']:not(.frame)");
        if (isControl || event.metaKey || event.ctrlKey || event.altKey) return;
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        this.step(step);
    }

    /** On a touch screen a swipe over the picture goes to the next face. */
    followSwipes() {
        let start = null;
        const { frame } = this.panel;
        frame.addEventListener("touchstart", ({ touches }) => {
            start = touches.length === 1 ? touches[0] : null;
        }, { passive: true });
        frame.addEventListener("touchend", ({ changedTouches }) => {
            const end = changedTouches[0];
            const [x, y] = start ? [end.clientX - start.clientX, end.clientY - start.clientY] : [0, 0];
            start = null;
            if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y)) this.step(x < 0 ? 1 : -1);
        }, { passive: true });
    }
}
