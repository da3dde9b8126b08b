// SPDX-License-Identifier: Apache-2.0

import { makeAddress, numberIn, parseSeeds, pathOf } from "./address.js";
import { Choice, Entry, Slider } from "./controls.js";
import { element } from "./dom.js";
import { PicturePanel } from "./picture-panel.js";
import { Pictures } from "./pictures.js";
import { Server } from "./server.js";
import { Share } from "./share.js";

/** The way from face to face: any place of it as a picture, or all of it as an animation. */
export class MorphView {
    static maxSeeds = 8;
    static animations = ["apng", "webp"];

    /** @param events `{ changed(address), asked(), refused(problem) }` */
    constructor(section, server, events) {
        this.section = section;
        this.server = server;
        this.events = events;
        this.builtFor = null;
    }

    /** Whether an address is one of a morph that the view can show. */
    static shows(type, id) {
        return (type === "png" || MorphView.animations.includes(type)) && MorphView.seeds(id) !== null;
    }

    /** The seeds of the way, or null. */
    static seeds(id) {
        return seedList(id, "-");
    }

    /** What the view shows when nothing else is asked for. */
    static initial(server, model) {
        return makeAddress("morphs", "3-14-42", { size: Server.viewSize(server.model(model)) }, model, "apng");
    }

    /** From a face to the next seed's. */
    static from({ model, id, query }) {
        const { truncation, size, class: index } = query;
        const other = Number(id) === 0 ? 1 : Number(id) - 1;
        return makeAddress("morphs", `${id}-${other}`, { truncation, size, class: index, t: 0.5 }, model);
    }

    /** Whether the way goes on to the first face: that of an animation does unless it is told not to. */
    static isClosed({ type, query }) {
        return type === "png" ? query.loop === "true" : query.loop !== "false";
    }

    show(address) {
        const model = this.server.model(address.model);
        const seeds = MorphView.seeds(address.id);
        if (this.builtFor !== model.name) this.build(model);
        const { query } = address;
        // "?loop" says the same as "?loop=true", and only that can be written again.
        this.address = { ...address, query: { ...query, loop: query.loop === "" ? "true" : query.loop } };
        this.seeds.value = seeds.join(", ");
        this.truncation.value = numberIn(query.truncation, -2, 2, model.truncation);
        this.end.value = MorphView.isClosed(this.address) ? "closed" : "open";
        this.place.high = this.length;
        this.place.value = numberIn(query.t, 0, this.length, 0.5);
        this.frames.value = numberIn(query.frames, 2, 240, 48);
        this.speed.value = numberIn(query.fps, 1, 60, 24);
        this.space.value = query.space ?? "w";
        this.refresh(true);
    }

    build(model) {
        this.builtFor = model.name;
        this.model = model;
        const change = (_, isSettled) => this.change(isSettled);
        this.seeds = new Entry({
            label: "Faces", complaint: `Two to ${MorphView.maxSeeds} seeds with commas between them`,
            parse: (text) => seedList(text)?.join(", ") ?? null, onChange: change,
        });
        const slider = (label, settings) => new Slider({ label, onChange: change, ...settings });
        this.kind = new Choice({
            label: "Picture", initial: "png", onChange: change,
            options: [["png", "One place"], ["apng", "APNG"], ["webp", "WebP"]]
                .filter(([type]) => this.server.offers("morphs", type)),
        });
        this.place = slider("Place", {
            low: 0, high: 1, step: 0.01, initial: 0.5, hint: "0 is the first face, 1 the second, and so on.",
        });
        this.frames = slider("Frames", { low: 12, high: 240, step: 12, initial: 48 });
        this.speed = slider("Speed", { low: 5, high: 60, step: 1, initial: 24, format: (value) => `${value} frames/s` });
        this.space = new Choice({ label: "Way", options: [["w", "In w"], ["z", "In z"]], initial: "w", onChange: change });
        this.end = new Choice({
            label: "Ends", options: [["closed", "At the first face"], ["open", "At the last"]], initial: "closed",
            onChange: change,
        });
        this.truncation = slider("Truncation", { low: -2, high: 2, step: 0.01, initial: model.truncation });
        this.still = new PicturePanel(this.server, this.events);
        this.animation = element("img", { class: "picture", alt: "" });
        this.animationFrame = element("div", { class: "frame" }, this.animation);
        this.pictures = new Pictures(this.animationFrame, this.server, {
            ...this.events, complete: () => this.animationFrame.setAttribute("aria-busy", "false"),
        });
        this.play = element("button", { type: "button", class: "button", onclick: () => this.startStop() }, "Play");
        this.share = this.still.share;
        this.section.replaceChildren(
            element("div", { class: "intro" },
                element("h2", { id: "morph-title" }, "Morph"),
                element("p", {}, "The way from one face to the next, and back to the first. An animation is one picture, which "
                    + "any browser plays.")),
            element("div", { class: "split" },
                element("div", {},
                    element("div", { class: "stage-picture" }, this.still.frame, this.animationFrame), this.still.caption),
                element("form", { class: "controls", "aria-label": "Morph", onsubmit: (event) => event.preventDefault() },
                    ...[this.seeds, this.kind, this.place, this.frames, this.speed, this.end, this.space, this.truncation]
                        .map((control) => control.element),
                    element("p", { class: "actions" }, this.play))),
            this.share.element);
    }

    /** How far the place can go. */
    get length() {
        const { length } = this.seeds.value.split(",");
        return this.end.value === "closed" ? length : length - 1;
    }

    /** Shows what the controls say. */
    change(isSettled) {
        const type = this.kind.value;
        const seeds = this.seeds.value.replaceAll(" ", "").replaceAll(",", "-");
        this.place.high = this.length;
        const { model, query } = this.address;
        const isClosed = this.end.value === "closed";
        const own = type === "png"
            ? { t: this.place.value, frames: undefined, fps: undefined, loop: isClosed ? "true" : undefined }
            : { t: undefined, frames: this.frames.value, fps: this.speed.value, loop: isClosed ? undefined : "false" };
        const space = this.space.value === "w" ? undefined : "z";
        this.address = makeAddress(
            "morphs", seeds, { ...query, truncation: this.truncation.value, space, ...own }, model, type);
        this.refresh(isSettled);
        if (isSettled) this.events.changed(this.address);
    }

    refresh(isSettled) {
        const { type } = this.address;
        const isAnimated = type !== "png";
        this.kind.value = type;
        for (const control of [this.frames, this.speed]) control.element.hidden = !isAnimated;
        this.place.element.hidden = isAnimated;
        this.play.hidden = !isAnimated;
        this.still.frame.hidden = this.still.caption.hidden = isAnimated;
        this.animationFrame.hidden = !isAnimated;
        const path = pathOf(this.address);
        const seeds = this.address.id.replaceAll("-", ", ");
        this.share.show(path, `morph.${type}`, `Morph of faces ${seeds}`, this.model.resolution);
        if (isAnimated) {
            this.still.clear();
            // A slider that moves would start a computation of many pictures at each step.
            if (isSettled) this.animate(path, !matchMedia("(prefers-reduced-motion: reduce)").matches);
        } else {
            this.stop();
            this.still.show(path, `Between faces ${seeds}`, { settled: isSettled });
        }
    }

    /** Someone who wants little motion starts the animation by hand. */
    animate(path, isWanted) {
        const side = this.address.query.size ?? this.model.resolution;
        this.animationFrame.toggleAttribute("data-small", side < 256);
        this.animation.alt = `Morph of faces ${this.address.id.replaceAll("-", ", ")}`;
        if (isWanted) {
            this.animationFrame.setAttribute("aria-busy", "true");
            this.pictures.load(this.animation, path);
        } else {
            this.stop();
        }
        this.play.textContent = isWanted ? "Stop" : "Play";
    }

    startStop() {
        this.animate(pathOf(this.address), !this.animation.hasAttribute("src"));
    }

    stop() {
        this.pictures.release(this.animation);
        this.play.textContent = "Play";
    }

    /** Stops what moves. */
    hide() {
        if (this.builtFor === null) return;
        this.stop();
        this.still.clear();
    }
}

function seedList(text, separator) {
    return parseSeeds(text, { separator, low: 2, high: MorphView.maxSeeds });
}
