// SPDX-License-Identifier: Apache-2.0

import { Problem } from "./server.js";

/** Many `<img>`s in one place, which the browser loads: those that failed are tried again where that may help. */
export class Pictures {
    /** @param events `{ asked(), refused(problem), complete() }`; the last when nothing is awaited any more */
    constructor(place, server, events) {
        this.server = server;
        this.events = events;
        /** What is awaited, and the timers of what is tried again. */
        this.awaited = new Set();
        this.timers = new WeakMap();
        /** What is asked for; where a key is needed, which an `<img>` does not send, also how to call that back. */
        this.paths = new WeakMap();
        this.controllers = new WeakMap();
        /** How often each was refused in a row. */
        this.refusals = new WeakMap();
        /** Until when the server has said that asking is no use, on the clock of `performance`. */
        this.pause = 0;
        // These two do not bubble.
        place.addEventListener("load", ({ target }) => this.settle(target), true);
        place.addEventListener("error", ({ target }) => this.failed(target), true);
    }

    get isComplete() {
        return this.awaited.size === 0;
    }

    load(image, path) {
        if (this.paths.get(image) === path && image.complete && image.naturalWidth > 0) return;
        clearTimeout(this.timers.get(image));
        this.paths.set(image, path);
        this.awaited.add(image);
        this.events.asked();
        if (this.server.key === "") image.src = path;
        else this.fetch(image, path);
    }

    async fetch(image, path) {
        this.controllers.get(image)?.abort();
        const controller = new AbortController();
        this.controllers.set(image, controller);
        try {
            const { blob } = await this.server.picture(path, controller.signal);
            if (this.paths.get(image) !== path) return;
            Pictures.forget(image);
            image.src = URL.createObjectURL(blob);
        } catch (error) {
            if (!controller.signal.aborted) this.refused(image, path, error);
        }
    }

    /** Lets go of the blob that an image shows, if it is one. */
    static forget(image) {
        if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
    }

    /** Nobody looks at it any more: the request for it is called back. */
    release(image) {
        this.controllers.get(image)?.abort();
        this.paths.delete(image);
        Pictures.forget(image);
        image.removeAttribute("src");
        this.settle(image);
    }

    settle(image) {
        clearTimeout(this.timers.get(image));
        this.refusals.delete(image);
        if (image.hasAttribute("src")) delete image.dataset.failed;
        if (this.awaited.delete(image) && this.isComplete) this.events.complete();
    }

    /** An `<img>` does not say what was wrong, so the picture is asked for once more. */
    async failed(image) {
        const path = this.paths.get(image) ?? image.getAttribute("src");
        if (!path) return;
        this.paths.set(image, path);
        image.dataset.failed = "";
        const pause = (this.pause - performance.now()) / 1000;
        if (pause > 0) {
            this.again(image, path, pause);
            return;
        }
        try {
            await this.server.picture(path);
            this.again(image, path, 0.5);
        } catch (error) {
            this.refused(image, path, error);
        }
    }

    refused(image, path, error) {
        if (!(error instanceof Problem)) throw error;
        image.dataset.failed = "";
        this.events.refused(error);
        if (error.retryAfter !== null) {
            this.pause = performance.now() + error.retryAfter * 1000;
            this.again(image, path, error.retryAfter);
        } else if (this.paths.get(image) === path) {
            this.release(image);
        }
    }

    /** Asks once more, if it is still wanted then: not all at the same time, and ever more seldom. */
    again(image, path, seconds) {
        if (this.paths.get(image) !== path || !image.isConnected) return;
        const count = this.refusals.get(image) ?? 0;
        this.refusals.set(image, count + 1);
        const delay = Math.min(60, seconds * (1 + Math.random()) * 2 ** Math.min(count, 6));
        this.timers.set(image, setTimeout(() => {
            // The same source would not be asked for again.
            image.removeAttribute("src");
            this.load(image, path);
        }, delay * 1000));
    }
}
