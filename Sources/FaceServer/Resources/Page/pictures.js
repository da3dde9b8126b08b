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
        if (image.hasAttribute("src")) delete image.dataset.failed;
        if (this.awaited.delete(image) && this.isComplete) this.events.complete();
    }

    /** An `<img>` does not say what was wrong, so the picture is asked for once more. */
    async failed(image) {
        const path = this.paths.get(image) ?? image.getAttribute("src");
        if (!path) return;
        this.paths.set(image, path);
        image.dataset.failed = "";
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
        if (error.retryAfter !== null) this.again(image, path, error.retryAfter);
        else if (this.paths.get(image) === path) this.release(image);
    }

    /** Asks once more, if it is still wanted then. */
    again(image, path, seconds) {
        if (this.paths.get(image) !== path || !image.isConnected) return;
        // Not all at the same time. Without its source first, or the same one would not be asked for again.
        this.timers.set(image, setTimeout(() => {
            image.removeAttribute("src");
            this.load(image, path);
        }, seconds * 1000 * (1 + Math.random())));
    }
}
