// SPDX-License-Identifier: Apache-2.0

import { bytesText, element } from "./dom.js";

/** How busy the server is, for as long as someone looks. */
export class StatusStrip {
    /** Milliseconds between two looks: soon while pictures are awaited, seldom otherwise. */
    static soon = 1000;
    static seldom = 5000;
    /** Batches and hits are those of the last so many milliseconds. */
    static window = 30_000;

    constructor(place, server) {
        this.place = place;
        this.server = server;
        this.reports = [];
        this.activity = -Infinity;
        this.timer = 0;
        this.values = new Map();
        this.dot = element("span", { class: "dot", "aria-hidden": "true" });
        const entries = [["queue", "Queue"], ["workers", "Workers"], ["batch", "Batch"], ["cache", "Cache"], ["made", "Made"]];
        place.append(this.dot, element("dl", {}, ...entries.map(([key, label]) => {
            this.values.set(key, element("dd"));
            return element("div", { class: key }, element("dt", {}, label), this.values.get(key));
        })));
        document.addEventListener("visibilitychange", () => this.look());
        this.look();
    }

    /** Pictures are asked for now. */
    stir() {
        const now = performance.now();
        const wasQuiet = now - this.activity > StatusStrip.seldom;
        this.activity = now;
        if (wasQuiet && this.reports.length > 0) this.schedule(200);
    }

    schedule(delay) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.look(), delay);
    }

    async look() {
        clearTimeout(this.timer);
        // A server that keeps it to itself names no source.
        const { source } = this.place.dataset;
        if (document.hidden || !source) return;
        const report = await this.server.status(source);
        const now = performance.now();
        if (report) {
            this.reports.push({ ...report, time: now });
            while (this.reports.length > 2 && this.reports[1].time < now - StatusStrip.window) this.reports.shift();
            this.show(report);
        }
        this.place.hidden = false;
        this.place.dataset.state = !report ? "gone" : report.queue > 0 || report.busy > 0 ? "busy" : "idle";
        this.schedule(now - this.activity < StatusStrip.seldom ? StatusStrip.soon : StatusStrip.seldom);
    }

    show(report) {
        const first = this.reports[0];
        const recent = (key) => (report[key] > first[key] ? report[key] - first[key] : report[key]);
        const lookups = report.cache.lookups - first.cache.lookups;
        const hits = report.cache.hits - first.cache.hits;
        const share = lookups > 0 ? hits / lookups : report.cache.hits / Math.max(1, report.cache.lookups);
        const batches = recent("batches");
        const set = (key, text) => {
            this.values.get(key).textContent = text;
        };
        set("queue", report.queue.toLocaleString("en"));
        set("workers", `${report.busy} of ${report.workers} busy`);
        set("batch", batches === 0 ? "none yet" : `${(recent("faces") / batches).toFixed(1)} faces`);
        const kept = `, ${report.cache.entries.toLocaleString("en")} faces, ${bytesText(report.cache.bytes)}`;
        this.values.get("cache").replaceChildren(
            `${Math.round(share * 100)} % hits`, element("span", { class: "spare" }, kept));
        set("made", report.faces.toLocaleString("en"));
    }
}
