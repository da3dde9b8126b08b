// SPDX-License-Identifier: Apache-2.0

import { Problem } from "./server.js";

/**
 * An `<img>` that follows what it is told to show, while that changes many times a second.
 *
 * At most one request is under way. What is wanted meanwhile waits, and only the newest of it: what is superseded
 * before it was asked for never is. A request that has become stale may finish as long as answers usually take, so that a
 * slider shows something while it moves however slow the server is; then it is aborted, and at once when the last
 * word is spoken (`settled`).
 */
export class LivePicture {
    static patience = 300;

    /**
     * @param picture `(path, signal) -> Promise<{ blob, ... }>`
     * @param events `{ busy(isBusy), shown(answer, path), failed(problem, path) }`
     */
    constructor(image, picture, events) {
        this.image = image;
        this.picture = picture;
        this.events = events;
        this.wanted = null;
        this.shown = null;
        this.flight = null;
        this.frame = 0;
        this.timer = 0;
        this.url = null;
    }

    /** @param settled whether nothing newer is to be expected soon */
    show(path, { settled = true } = {}) {
        this.wanted = path;
        clearTimeout(this.timer);
        if (this.flight) {
            if (this.flight.path === path) return;
            const age = performance.now() - this.flight.start;
            if (settled) this.abort();
            else this.timer = setTimeout(() => this.abort(), Math.max(0, LivePicture.patience - age));
            return;
        }
        this.schedule();
    }

    /** Wants nothing any more and forgets what it shows. */
    clear() {
        this.wanted = null;
        this.shown = null;
        clearTimeout(this.timer);
        cancelAnimationFrame(this.frame);
        this.frame = 0;
        this.abort();
        this.image.removeAttribute("src");
        this.replaceURL(null);
        this.events.busy(false);
    }

    abort() {
        this.flight?.controller.abort();
    }

    schedule() {
        if (this.frame === 0 && this.wanted !== null && this.wanted !== this.shown) {
            this.frame = requestAnimationFrame(() => {
                this.frame = 0;
                this.start();
            });
        }
    }

    async start() {
        const path = this.wanted;
        if (this.flight || path === null || path === this.shown) return;
        const flight = { path, controller: new AbortController(), start: performance.now() };
        const { signal } = flight.controller;
        this.flight = flight;
        this.events.busy(true);
        try {
            const answer = await this.picture(path, signal);
            signal.throwIfAborted();
            await this.put(answer.blob);
            this.land();
            if (this.wanted !== null) {
                this.shown = path;
                this.events.shown(answer, path);
            }
        } catch (error) {
            this.land();
            if (!signal.aborted && this.wanted === path) {
                this.fail(error, path);
                return;
            }
        }
        if (this.wanted === null || this.wanted === this.shown) this.events.busy(false);
        else this.schedule();
    }

    land() {
        clearTimeout(this.timer);
        this.flight = null;
    }

    fail(error, path) {
        const problem = error instanceof Problem ? error : new Problem(0, "The picture cannot be shown.");
        this.events.failed(problem, path);
        if (problem.retryAfter === null) {
            this.events.busy(false);
        } else {
            this.timer = setTimeout(() => this.schedule(), problem.retryAfter * 1000);
        }
    }

    /** Decoded first, so that the picture changes in one go. */
    async put(blob) {
        const url = URL.createObjectURL(blob);
        const decoded = new Image();
        decoded.src = url;
        try {
            await decoded.decode();
        } catch (error) {
            URL.revokeObjectURL(url);
            throw error;
        }
        if (this.wanted === null) {
            URL.revokeObjectURL(url);
            return;
        }
        this.image.src = url;
        this.replaceURL(url);
    }

    replaceURL(url) {
        if (this.url) URL.revokeObjectURL(this.url);
        this.url = url;
    }
}
