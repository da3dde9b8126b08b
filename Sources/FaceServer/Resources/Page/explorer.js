// SPDX-License-Identifier: Apache-2.0

import { makeAddress, maxSeed, numberIn, parsePath, parseSeed, pathOf, randomSeed } from "./address.js";
import { Entry, Slider } from "./controls.js";
import { element } from "./dom.js";
import { FaceView } from "./face-view.js";
import { MixView } from "./mix-view.js";
import { MorphView } from "./morph-view.js";
import { Problem, Server } from "./server.js";
import { copy } from "./share.js";
import { StatusStrip } from "./status-strip.js";
import { Wall } from "./wall.js";

const find = (id) => document.getElementById(id);

/** The page with its scripts: which view is shown is a function of the address after the "#". */
class Explorer {
    constructor(server) {
        this.server = server;
        this.strip = new StatusStrip(find("strip"), server);
        const common = { asked: () => this.strip.stir(), refused: (problem) => this.refused(problem) };
        this.wall = new Wall(find("wall"), server, { ...common, open: (address) => this.go(address, { opened: true }) });
        this.face = new FaceView(find("face"), server, {
            ...common,
            changed: (address) => this.replace(address),
            closed: () => this.closeFace(),
            mix: (address) => pathOf(MixView.from(address)),
            morph: (address) => pathOf(MorphView.from(address)),
        });
        const changed = (address) => this.replace(address);
        this.mix = new MixView(find("mix-view"), server, { ...common, changed });
        this.morph = new MorphView(find("morph-view"), server, { ...common, changed });
        this.sections = { wall: find("wall-view"), mixes: find("mix-view"), morphs: find("morph-view"), about: find("about-view") };
        this.shownSection = null;
        /** What a face is open over. */
        this.underneath = null;
        this.scrolls = {};
        this.title = document.title;
    }

    start() {
        document.documentElement.classList.add("scripted");
        this.buildNavigation();
        this.buildWallTools();
        this.buildCopyExample();
        addEventListener("popstate", () => this.render());
        document.addEventListener("click", (event) => this.followed(event));
        this.render();
    }

    /** Views that the server has nothing for are not there. */
    buildNavigation() {
        const { server } = this;
        const links = [["wall", "Wall"]];
        if (server.offers("mixes")) links.push(["mixes", "Mix"]);
        if (server.offers("morphs")) links.push(["morphs", "Morph"]);
        links.push(["about", "API"]);
        this.links = new Map(links.map(([key, text]) => [key, element("a", { href: `#/${key}` }, text)]));
        find("views").append(...this.links.values());
        find("views").hidden = false;
        document.querySelector(".skip").addEventListener("click", (event) => {
            event.preventDefault();
            find("content").focus();
        });
        document.querySelector(".name").setAttribute("href", "#/wall");
        find("random").addEventListener("click", (event) => {
            event.preventDefault();
            this.go(this.faceAddress("faces", randomSeed()), { opened: true });
        });
        this.buildSeek();
        if (server.models.length > 1) {
            const choice = find("model-choice");
            const select = choice.querySelector("select");
            select.append(...server.models.map(({ name }) => element("option", { value: name }, name)));
            select.addEventListener("change", () => {
                const model = server.models.find(({ name }) => name === select.value);
                this.go(makeAddress("wall", "", {}, Server.label(model), ""));
            });
            choice.hidden = false;
        }
    }

    /** A number is a seed; with names on offer, any other text is a name. */
    buildSeek() {
        const form = find("seek");
        const { seed: input } = form.elements;
        const hasNames = this.server.offers("avatars");
        if (hasNames) {
            input.removeAttribute("inputmode");
            input.placeholder = "42 or a name";
            form.querySelector("label span").textContent = "Seed or name";
        }
        input.addEventListener("input", () => input.setCustomValidity(""));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const text = input.value.trim();
            const seed = parseSeed(text);
            if (seed === null && !hasNames) {
                input.setCustomValidity(`A whole number from 0 to ${maxSeed}`);
                input.reportValidity();
                return;
            }
            this.go(seed === null ? this.faceAddress("avatars", text) : this.faceAddress("faces", seed), { opened: true });
        });
    }

    buildWallTools() {
        const tools = find("wall-tools");
        this.from = new Entry({
            label: "From seed", numeric: true, initial: 0, complaint: `A whole number from 0 to ${maxSeed}`,
            parse: parseSeed, onChange: (from) => this.setWall({ from }),
        });
        this.truncation = new Slider({
            label: "Truncation", low: -2, high: 2, step: 0.05, initial: this.server.defaultModel.truncation,
            onChange: (truncation, isSettled) => {
                if (isSettled) this.setWall({ truncation });
                else this.wall.preview({ ...this.wall.settings, truncation });
            },
        });
        tools.append(this.from.element, this.truncation.element);
        tools.addEventListener("submit", (event) => event.preventDefault());
        tools.hidden = false;
    }

    buildCopyExample() {
        const code = find("example");
        const header = this.server.key === "" ? "" : '-H "Authorization: Bearer $KEY" ';
        code.textContent = code.textContent.replace(/'https?:\/\/[^/]*/, `${header}'${location.origin}`);
        const button = element("button", {
            type: "button", class: "quiet", "aria-label": "Copy the curl line",
            onclick: () => copy(code.textContent, button, "curl line"),
        }, "Copy");
        code.after(button);
    }

    setWall(changes) {
        const settings = { ...this.wall.settings, ...changes };
        this.replace(Wall.addressOf(settings, this.server));
        this.render();
    }

    /** The address that the page shows now, with everything in it that a picture of the model has to name. */
    get current() {
        const text = location.hash.slice(1);
        if (text === "/about") return makeAddress("about", "", {}, null, "");
        const address = parsePath(text) ?? makeAddress("wall", "", {}, null, "");
        const model = this.server.model(address.model);
        if (!model || !this.isOffered(address)) return makeAddress("wall", "", {}, null, "");
        if (address.kind !== "wall") address.query.truncation ??= model.truncation;
        if (model.classes > 0 && address.kind !== "wall") address.query.class ??= 0;
        return address;
    }

    /** A model of one layer has nothing to mix. */
    hasMixes(model) {
        return this.server.offers("mixes") && model.layers > 1;
    }

    /** Whether there is a view for an address. */
    isOffered({ model, kind, id, type }) {
        switch (kind) {
            case "wall": return true;
            case "faces": return (type === "png" || this.server.offers(kind, type)) && parseSeed(id) !== null;
            case "avatars": return this.server.offers(kind, type);
            case "mixes": return type === "png" && this.hasMixes(this.server.model(model)) && MixView.seeds(id) !== null;
            case "morphs": return this.server.offers(kind, type) && MorphView.shows(type, id);
            default: return false;
        }
    }

    go(address, state = {}) {
        history.pushState(state, "", `#${pathOf(address)}`);
        this.render();
    }

    /** A link within the page, so that whoever closes what it opens comes back to where it was. */
    followed(event) {
        const href = event.target.closest?.("a[href^='#/']")?.getAttribute("href");
        if (!href || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        history.pushState({ opened: true }, "", href);
        this.render();
    }

    replace(address) {
        history.replaceState(history.state, "", `#${pathOf(address)}`);
    }

    faceAddress(kind, id) {
        const { model: name, truncation, class: index } = this.wall.settings ?? this.wallSettings(this.current);
        const model = this.server.model(name);
        return makeAddress(kind, id, {
            truncation, size: Server.viewSize(model), class: model.classes > 0 ? index ?? 0 : undefined,
        }, name);
    }

    closeFace() {
        if (history.state?.opened) history.back();
        else this.go(this.underneath);
    }

    render() {
        const address = this.current;
        if (address.kind === "faces" || address.kind === "avatars") {
            if (this.shownSection === null) {
                this.underneath = makeAddress("wall", "", {}, address.model, "");
                this.showSection("wall", this.underneath);
            }
            this.face.open(address);
            document.title = `${this.face.name} \u00b7 ${this.title}`;
            return;
        }
        const wasOpen = this.face.isOpen;
        this.face.close();
        this.underneath = address;
        this.showSection(address.kind, address);
        document.title = this.title;
        if (wasOpen && document.activeElement === document.body) find("content").focus({ preventScroll: true });
    }

    showSection(key, address) {
        if (this.shownSection !== null && this.shownSection !== key) {
            this.scrolls[this.shownSection] = scrollY;
        }
        for (const [name, section] of Object.entries(this.sections)) section.hidden = name !== key;
        const model = address.model ?? null;
        this.links.get("wall").setAttribute("href", `#${pathOf(makeAddress("wall", "", {}, model, ""))}`);
        const mixes = this.links.get("mixes");
        if (mixes) {
            mixes.href = `#${pathOf(MixView.initial(this.server, model))}`;
            mixes.hidden = !this.hasMixes(this.server.model(model));
        }
        this.links.get("morphs")?.setAttribute("href", `#${pathOf(MorphView.initial(this.server, model))}`);
        for (const [name, link] of this.links) {
            if (name === key) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        find("model-choice").querySelector("select").value = this.server.model(model).name;
        if (key === "wall") this.showWall(address);
        if (key === "mixes") this.mix.show(address);
        if (key === "morphs") this.morph.show(address);
        else this.morph.hide();
        if (this.shownSection !== key) scrollTo({ top: this.scrolls[key] ?? 0, behavior: "instant" });
        this.shownSection = key;
    }

    /** What the wall shows at an address; of an address of another kind, only the model counts. */
    wallSettings({ kind, model, query }) {
        const { truncation: usual, classes } = this.server.model(model);
        const own = kind === "wall" ? query : {};
        return {
            model,
            from: parseSeed(own.from ?? "") ?? 0,
            truncation: numberIn(own.truncation, -2, 2, usual),
            class: numberIn(own.class, 0, classes - 1, null),
        };
    }

    showWall(address) {
        const settings = this.wallSettings(address);
        this.from.value = settings.from;
        this.truncation.initial = this.server.model(settings.model).truncation;
        this.truncation.value = settings.truncation;
        this.wall.show(settings);
    }

    /** What the server will not give is said once, in plain sight. */
    refused(problem) {
        const notice = find("notice");
        const text = problem.retryAfter === null ? problem.message : `${problem.message} Trying again.`;
        if (notice.textContent === text) return;
        notice.textContent = text;
        clearTimeout(this.noticeTimer);
        if (problem.retryAfter !== null) {
            this.noticeTimer = setTimeout(() => notice.replaceChildren(), 1000 * problem.retryAfter + 4000);
        }
    }
}

/** Where the key is kept: in this tab, until it is closed. */
const keyPlace = "faceserver.key";

async function begin() {
    const server = new Server(sessionStorage.getItem(keyPlace) ?? "");
    const { locked } = document.documentElement.dataset;
    try {
        if (locked && server.key === "") throw new Problem(Number(locked), find("notice").textContent);
        await server.connect();
    } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // The page stays what it is without scripts.
        sessionStorage.removeItem(keyPlace);
        explain(error, server.key !== "");
        return;
    }
    delete document.documentElement.dataset.locked;
    find("seek").hidden = false;
    find("notice").replaceChildren();
    new Explorer(server).start();
}

const signedOnly = "The server gives faces to signed URLs only. Whoever runs it makes them with \u201cfaceserver sign\u201d.";

/** Says why there is nothing more to see, and asks for a key if that is what is missing. */
function explain(problem, hadKey) {
    const notice = find("notice");
    // What came with the page may be signed; what a form asks for is not.
    find("seek").hidden = true;
    const hasWall = document.querySelector("#wall a") !== null;
    if (problem.status !== 401 && !(hadKey && problem.status === 403)) {
        if (problem.status !== 403) notice.textContent = problem.message;
        else if (hasWall) notice.textContent = "These faces are all that this page may show. " + signedOnly;
        else notice.textContent = signedOnly;
        return;
    }
    const input = element("input", {
        id: "key", type: "password", autocomplete: "off", required: true, "aria-describedby": "key-hint",
    });
    notice.replaceChildren(
        element("p", {}, hadKey ? problem.message : "This server wants an API key."),
        element("form", {
            class: "key",
            onsubmit: (event) => {
                event.preventDefault();
                sessionStorage.setItem(keyPlace, input.value.trim());
                begin();
            },
        }, element("label", { for: "key" }, "API key"), input, element("button", {}, "Enter")),
        element("p", { class: "hint", id: "key-hint" }, "It stays in this tab and goes to this server only."));
    if (hadKey) input.focus();
}

await begin();
