// SPDX-License-Identifier: Apache-2.0

/** What the server answered instead of a picture: a problem of RFC 9457, or that there was no answer. */
export class Problem extends Error {
    /** @param status 0 where no answer came */
    constructor(status, detail, retryAfter = null) {
        super(detail);
        this.name = "Problem";
        this.status = status;
        /** In seconds; null where trying again is no use. */
        this.retryAfter = retryAfter;
    }

    get isAboutAccess() {
        return this.status === 401 || this.status === 403 || this.status === 410;
    }
}

/** What serves the page: its models, what it offers, and its pictures. */
export class Server {
    /** @param key what opens a server that is not open to all; "" where there is none */
    constructor(key = "") {
        this.key = key;
        /** As `/models` lists them. */
        this.models = [];
        /** Of `/openapi.json`. What it lacks is not offered. */
        this.paths = {};
        /** Of each model, what its directions are; filled as they are asked for. */
        this.directionsByModel = new Map();
    }

    /** Asks for what the page has to know.
     *  @throws Problem */
    async connect() {
        const [list, description] = await Promise.all([
            this.json("/models"),
            this.description(),
        ]);
        this.models = list.models;
        this.paths = description.paths ?? {};
    }

    /** What the server says it offers, which the page has a link to (RFC 8631). */
    async description() {
        const link = document.querySelector("link[rel=service-desc]");
        if (!link) return {};
        try {
            return await this.json(link.getAttribute("href"));
        } catch (problem) {
            if (!(problem instanceof Problem)) throw problem;
            return {};
        }
    }

    get defaultModel() {
        return this.models.find((model) => model.default) ?? this.models[0];
    }

    /** The model of an address; undefined where there is none of that name. */
    model(name) {
        return name === null ? this.defaultModel : this.models.find((model) => model.name === name);
    }

    /** The size to ask for a picture to look at, of a model whose own pictures are small; undefined for its own. */
    static viewSize({ resolution }) {
        return resolution < 256 ? resolution * 2 : undefined;
    }

    /** The size to ask for one of many pictures; undefined for the model's own. */
    static tileSize({ resolution }) {
        const size = Math.min(resolution * 2, 128);
        return size === resolution ? undefined : size;
    }

    /** What names a model in addresses: null for the default one. */
    static label(model) {
        return model.default ? null : model.name;
    }

    /** Whether there is a route of this kind, such as "morphs", and of this type, such as "apng". */
    offers(kind, type = "png") {
        return Object.keys(this.paths).some((path) => path.startsWith(`/${kind}/`) && path.endsWith(`.${type}`));
    }

    /** How a parameter of a model's faces is described; undefined where they have none of that name. */
    parameter(name, model) {
        const path = this.paths[`/models/${encodeURIComponent(model.name)}/faces/{seed}.png`];
        return path?.get?.parameters?.find((parameter) => parameter.name === name);
    }

    /** The directions that faces of a model can be moved along, each with a name or an index. */
    async directions(model) {
        const known = this.directionsByModel.get(model.name);
        if (known) return known;
        let found = { directions: [] };
        if (this.parameter("edit", model)) {
            try {
                found = await this.json(`/models/${encodeURIComponent(model.name)}/directions`);
            } catch (problem) {
                if (!(problem instanceof Problem)) throw problem;
            }
        }
        const list = found.directions ?? [];
        this.directionsByModel.set(model.name, list);
        return list;
    }

    /** How busy the server is, or null where it does not answer. */
    async status(path) {
        try {
            return await this.json(path);
        } catch (problem) {
            if (problem instanceof Problem) return null;
            throw problem;
        }
    }

    async json(path, signal) {
        const response = await this.fetch(path, signal);
        return response.json();
    }

    /** A picture: `{ blob, canonical, score, timing }`.
     *  @throws Problem, or what `signal` was aborted with */
    async picture(path, signal) {
        const response = await this.fetch(path, signal);
        const blob = await response.blob();
        return {
            blob,
            canonical: response.headers.get("Content-Location") ?? path,
            score: response.headers.get("X-Face-Score"),
            timing: Server.timing(response.headers.get("Server-Timing") ?? ""),
        };
    }

    /** "cache;desc=miss, infer;dur=1.4" is `{ cache: "miss", infer: 1.4 }`. */
    static timing(field) {
        const parts = field.split(",").map((part) => /^\s*(\w+);(?:desc="?(\w+)"?|dur=([\d.]+))/.exec(part));
        return Object.fromEntries(parts.filter(Boolean).map(([, name, word, number]) => [name, word ?? Number(number)]));
    }

    async fetch(path, signal) {
        let response;
        try {
            const headers = this.key === "" ? {} : { Authorization: `Bearer ${this.key}` };
            response = await fetch(path, { signal, headers });
        } catch (error) {
            if (signal?.aborted) throw error;
            throw new Problem(0, "The server does not answer.", 5);
        }
        if (response.ok) return response;
        const problem = await response.json().catch(() => ({}));
        const wait = Number(response.headers.get("Retry-After"));
        const isTemporary = [429, 503, 504].includes(response.status);
        throw new Problem(
            response.status, problem.detail ?? `The server answered ${response.status}.`,
            isTemporary ? Math.min(Math.max(wait || 1, 1), 60) : null);
    }
}
