// SPDX-License-Identifier: Apache-2.0

import { decimal, element, uniqueId } from "./dom.js";

// Controls are labelled rows. Each has `element`, `value` (which may be set) and calls `onChange(value, settled)`: while
// it is being moved with `settled` false.

/** A range with its number beside it. A double click, or the button that appears, goes back to `initial`. */
export class Slider {
    /** @param format what the number reads as, such as "128 px" */
    constructor({ label, low, high, step, initial, format = (value) => decimal(value), hint, onChange }) {
        this.initial = initial;
        this.format = format;
        const id = uniqueId("slider");
        this.input = element("input", {
            type: "range", id, min: low, max: high, step, "aria-describedby": hint ? `${id}-hint` : undefined,
            oninput: () => this.moved(onChange, false),
            onchange: () => this.moved(onChange, true),
            ondblclick: () => this.reset(onChange),
        });
        this.number = element("output", { for: id });
        this.back = element("button", {
            type: "button", class: "reset", "aria-label": `Reset ${label.toLowerCase()}`, title: "Reset",
            onclick: () => {
                this.reset(onChange);
                this.input.focus();
            },
        }, "\u21ba");
        this.element = element("div", { class: "control slider" },
            element("label", { for: id }, label), this.back, this.number, this.input,
            hint && element("p", { class: "hint", id: `${id}-hint` }, hint));
        this.value = initial;
    }

    get value() {
        return Number(this.input.value);
    }

    set value(value) {
        this.input.value = value;
        this.paint();
    }

    set high(high) {
        this.input.max = high;
        this.paint();
    }

    moved(onChange, settled) {
        this.paint();
        onChange(this.value, settled);
    }

    reset(onChange) {
        this.value = this.initial;
        onChange(this.value, true);
    }

    /** The part of the track from the start, or from 0 where the values go both ways, up to the thumb is filled. */
    paint() {
        const { min, max } = this.input;
        const place = (value) => ((value - min) / (max - min)) * 100;
        const origin = min < 0 && max > 0 ? place(0) : 0;
        const here = place(this.value);
        this.input.style.setProperty("--from", `${Math.min(origin, here)}%`);
        this.input.style.setProperty("--to", `${Math.max(origin, here)}%`);
        const text = this.format(this.value);
        this.number.textContent = text;
        this.input.setAttribute("aria-valuetext", text);
        this.back.disabled = this.value === Number(this.initial);
    }
}

/** One of a few words. */
export class Choice {
    /** @param options `[value, text]` pairs */
    constructor({ label, options, initial, onChange }) {
        const name = uniqueId("choice");
        this.inputs = options.map(([value]) =>
            element("input", { type: "radio", name, value, onchange: () => onChange(this.value, true) }));
        this.element = element("fieldset", { class: "control choice" },
            element("legend", {}, label),
            element("div", { class: "options" },
                ...options.map(([, text], index) => element("label", {}, this.inputs[index], element("span", {}, text)))));
        this.value = initial;
    }

    get value() {
        return this.inputs.find((input) => input.checked)?.value;
    }

    set value(value) {
        for (const input of this.inputs) input.checked = input.value === value;
    }
}

/**
 * A range of layers: two sliders, and words for what people want most of them. The value is `[first, last]`, in order.
 */
export class LayerRange {
    /** What the layers of StyleGAN's pictures of 4 and 8, of 16 and 32, and of more pixels decide. */
    static names = [["Coarse", 0, 3], ["Middle", 4, 7], ["Fine", 8, Infinity], ["All", 0, Infinity]];

    /** @param count how many layers the model has
     *  @param initial `[first, last]` */
    constructor({ label, count, initial, onChange }) {
        this.top = count - 1;
        const slider = (text, value) => new Slider({
            label: text, low: 0, high: this.top, step: 1, initial: value,
            onChange: (_, isSettled) => this.moved(onChange, isSettled),
        });
        this.first = slider("From layer", initial[0]);
        this.last = slider("To layer", initial[1]);
        this.names = new Choice({
            label, initial: "",
            options: LayerRange.names.filter(([, first]) => first <= this.top).map(([name]) => [name, name]),
            onChange: (name) => {
                this.value = this.ends(name);
                onChange(this.value, true);
            },
        });
        this.element = element("div", { class: "control layers" },
            this.names.element, this.first.element, this.last.element);
        this.value = initial;
    }

    get value() {
        return [this.first.value, this.last.value].sort((a, b) => a - b);
    }

    set value([first, last]) {
        this.first.value = first;
        this.last.value = last;
        this.mark();
    }

    ends(name) {
        const [, first, last] = LayerRange.names.find(([own]) => own === name);
        return [first, Math.min(last, this.top)];
    }

    moved(onChange, isSettled) {
        this.mark();
        onChange(this.value, isSettled);
    }

    /** Shows the word for the range, if it has one. */
    mark() {
        const text = this.value.join("-");
        this.names.value = LayerRange.names.map(([name]) => name)
            .find((name) => this.ends(name)[0] <= this.top && this.ends(name).join("-") === text);
    }
}

/** A line of text that counts once it is complete: at Enter, or when the focus goes elsewhere. */
export class Entry {
    /** @param parse the text's value, or null for one that is not allowed
     *  @param complaint what is said of one that is not */
    constructor({ label, parse, complaint, initial = "", numeric = false, hint, onChange }) {
        const id = uniqueId("entry");
        this.parse = parse;
        this.complaint = complaint;
        this.input = element("input", {
            id, autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "done",
            inputmode: numeric ? "numeric" : undefined, placeholder: hint,
            oninput: () => this.check(),
            onchange: () => this.complete(onChange),
            onkeydown: (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    this.complete(onChange);
                }
            },
        });
        this.error = element("p", { class: "error", id: `${id}-error`, hidden: true });
        this.element = element("div", { class: "control entry" },
            element("label", { for: id }, label), this.input, this.error);
        this.value = initial;
    }

    /** What is allowed and was last complete. */
    get value() {
        return this.accepted;
    }

    set value(value) {
        this.accepted = value;
        this.input.value = value;
        this.check();
    }

    check() {
        const isBad = this.parse(this.input.value) === null;
        this.error.hidden = !isBad;
        this.error.textContent = isBad ? this.complaint : "";
        this.input.setAttribute("aria-invalid", String(isBad));
        if (isBad) this.input.setAttribute("aria-describedby", this.error.id);
        else this.input.removeAttribute("aria-describedby");
    }

    complete(onChange) {
        const value = this.parse(this.input.value);
        if (value === null || String(value) === String(this.accepted)) return;
        this.accepted = value;
        onChange(value, true);
    }
}

/** Controls under a heading that folds. */
export function group(title, isOpen, ...controls) {
    return element("details", { class: "group", open: isOpen },
        element("summary", {}, title), ...controls.map((control) => control.element ?? control));
}
