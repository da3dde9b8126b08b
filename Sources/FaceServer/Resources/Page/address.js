// SPDX-License-Identifier: Apache-2.0

// What a URL of the server says, taken apart: `{ model, kind, id, type, query }`. `/models/cats/faces/42.png?size=64` is
// of the model "cats" (null: the default one), the kind "faces", the id "42", the type "png". The page's own address is
// the same after the "#", so that who knows one knows the other; it has the kinds "wall" and "about" besides, without a
// type.

export const maxSeed = 4294967295;

/** The order in which the server names parameters in canonical URLs. Others come last. */
const order = [
    "from", "truncation", "cutoff", "class", "noise", "noise_seed", "edit", "mix", "layers", "translate", "rotate", "t", "space",
    "frames", "fps", "loop", "columns", "size", "quality",
];

export function makeAddress(kind, id, query = {}, model = null, type = "png") {
    return { model, kind, id: String(id), type, query };
}

export function pathOf({ model, kind, id, type, query }) {
    const prefix = model === null ? "" : `/models/${encodeURIComponent(model)}`;
    const name = type === "" ? `/${kind}` : `/${kind}/${id.split("/").map(segment).join("/")}.${type}`;
    return prefix + name + queryText(query);
}

/** Commas and the like stand for themselves; a quote would end that of a shell. */
function segment(text) {
    return encodeURIComponent(text)
        .replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("'", "%27");
}

function queryText(query) {
    const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
    const parts = Object.entries(query)
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .sort(([a], [b]) => rank(a) - rank(b))
        .map(([name, value]) => `${name}=${segment(value)}`);
    return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** @returns the address, or null for a text that is none */
export function parsePath(text) {
    let url;
    try {
        url = new URL(text, "http://page.invalid");
    } catch {
        return null;
    }
    if (url.host !== "page.invalid") return null;
    const match = /^(?:\/models\/([^/]+))?\/(?:(wall)|(faces|avatars|mixes|morphs|grids)\/(.+)\.([a-z]+))$/.exec(url.pathname);
    if (!match) return null;
    try {
        return {
            model: match[1] === undefined ? null : decodeURIComponent(match[1]),
            kind: match[2] ?? match[3],
            id: decodeURIComponent(match[4] ?? ""),
            type: match[5] ?? "",
            query: Object.fromEntries(url.searchParams),
        };
    } catch {
        return null;
    }
}

/** A whole number from 0 to 4294967295, or null. */
export function parseSeed(text) {
    const digits = String(text).trim();
    if (!/^\d{1,10}$/.test(digits)) return null;
    const seed = Number(digits);
    return seed <= maxSeed ? seed : null;
}

/** A list of seeds, "3, 14" or in a path "3-14", or null for what is no list of `low` to `high` seeds. */
export function parseSeeds(text, { separator = ",", low = 1, high }) {
    const seeds = text.split(separator).map(parseSeed);
    return seeds.includes(null) || seeds.length < low || seeds.length > high ? null : seeds;
}

/** The first and the last layer of "2-5", or of "2" alone; `otherwise` for what is no range of layers from 0 to `top`. */
export function parseLayers(text = "", top, otherwise) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(text);
    if (!match) return otherwise;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    return first <= last && last <= top ? [first, last] : otherwise;
}

/** Steps along directions: "3:2.5,0:-1:0-6" is [{ key: "3", step: "2.5" }, { key: "0", step: "-1", layers: "0-6" }]. */
export function parseEdits(text = "") {
    const parts = text.split(",").filter((part) => part !== "").map((part) => part.split(":"));
    return parts.map(([key, step, layers]) => ({ key, step, layers }));
}

/** The opposite, without what changes nothing; undefined where nothing is left. */
export function editsText(edits) {
    const parts = edits.filter(({ step }) => Number(step) !== 0)
        .map(({ key, step, layers }) => [key, step, layers].filter((part) => part !== undefined).join(":"));
    return parts.join(",") || undefined;
}

/** A number of a query within bounds, or what stands in for it. */
export function numberIn(text, low, high, otherwise) {
    const number = Number(text);
    return text === undefined || text === "" || !(number >= low && number <= high) ? otherwise : number;
}

export function randomSeed() {
    return crypto.getRandomValues(new Uint32Array(1))[0];
}
