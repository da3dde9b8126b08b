// SPDX-License-Identifier: Apache-2.0

import { announce, bytesText, decimal, element } from "./dom.js";
import { LivePicture } from "./live-picture.js";
import { Share } from "./share.js";

/** A live picture with what it took to make it under it, and how to have it elsewhere. */
export class PicturePanel {
    /** @param events `{ asked(), refused(problem) }` */
    constructor(server, events) {
        this.image = element("img", { alt: "", class: "picture" });
        this.frame = element("div", { class: "frame" }, this.image);
        this.caption = element("p", { class: "caption" });
        this.share = new Share(server);
        this.alt = "";
        this.live = new LivePicture(
            this.image,
            (path, signal) => {
                events.asked();
                return server.picture(path, signal);
            },
            {
                busy: (isBusy) => this.frame.setAttribute("aria-busy", String(isBusy)),
                shown: (answer) => this.shown(answer),
                failed: (problem) => {
                    this.failed(problem);
                    events.refused(problem);
                },
            });
    }

    /** @param alt what the picture shows */
    show(path, alt, options) {
        this.alt = alt;
        this.live.show(path, options);
    }

    clear() {
        this.live.clear();
        this.caption.textContent = "";
    }

    shown({ blob, score, timing }) {
        this.image.alt = this.alt;
        delete this.frame.dataset.failed;
        const { naturalWidth, naturalHeight } = this.image;
        this.frame.toggleAttribute("data-small", naturalWidth < 256);
        const parts = [`${naturalWidth} \u00d7 ${naturalHeight}`, bytesText(blob.size)];
        if (timing.cache === "hit") parts.push("from the cache");
        if (timing.infer !== undefined) parts.push(`network ${decimal(timing.infer, 1)} ms`);
        if (score !== null) parts.push(`score ${decimal(score, 2)}`);
        if (timing.queue >= 1) parts.push(`waited ${decimal(timing.queue, 0)} ms`);
        this.caption.textContent = parts.join(" \u00b7 ");
    }

    failed(problem) {
        this.frame.dataset.failed = "";
        const again = problem.retryAfter === null ? "" : ` Trying again in ${Math.ceil(problem.retryAfter)} s.`;
        this.caption.textContent = problem.message + again;
        announce(this.caption.textContent);
    }
}
