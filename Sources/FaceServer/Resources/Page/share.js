// SPDX-License-Identifier: Apache-2.0

import { announce, element } from "./dom.js";

/** Copies a text, and says so on the button for a moment. */
export async function copy(text, button, what) {
    const isCopied = await write(text, button);
    const label = button.textContent;
    button.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    button.disabled = true;
    announce(isCopied ? `${what} copied` : `${what} is selected`);
    setTimeout(() => {
        button.textContent = label;
        button.disabled = false;
        // A disabled button has lost the focus.
        if (document.activeElement === document.body) button.focus({ preventScroll: true });
    }, 1200);
}

/** Pages that came over plain HTTP from another host have no clipboard; they can only copy what is selected. */
async function write(text, button) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        const code = button.parentElement.querySelector("code");
        getSelection().selectAllChildren(code);
        return document.execCommand("copy");
    }
}

/** A line of code with a button that copies it. */
export function copyLine(label, text = "") {
    const code = element("code", { tabindex: "0", "aria-label": label }, text);
    const button = element("button", {
        type: "button", class: "quiet", "aria-label": `Copy ${label}`,
        onclick: () => copy(code.textContent, button, label),
    }, "Copy");
    return { code, element: element("div", { class: "line" }, element("span", { class: "line-label" }, label), code, button) };
}

/** How to have a picture elsewhere: its URL, a tag, a command, a file. */
export class Share {
    constructor(server) {
        this.server = server;
        this.url = copyLine("URL");
        this.tag = copyLine("img tag");
        this.command = copyLine("curl line");
        this.download = element("a", { class: "button" }, "Download");
        this.open = element("a", { class: "quiet button" }, "Open");
        this.element = element("div", { class: "share" },
            this.url.element, this.tag.element, this.command.element,
            element("p", { class: "actions" }, this.download, this.open));
        if (server.key !== "") {
            this.command.element.after(element("p", { class: "hint" },
                "Tags and links send no key. ", element("code", {}, "faceserver sign"), " makes URLs that need none."));
            this.tag.element.hidden = this.open.hidden = true;
            this.download.addEventListener("click", (event) => {
                event.preventDefault();
                this.save();
            });
        }
    }

    /** Downloads what a link cannot ask for. */
    async save() {
        const { blob } = await this.server.picture(this.path);
        const url = URL.createObjectURL(blob);
        element("a", { href: url, download: this.download.download }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
    }

    /** @param path of the picture
     *  @param file what a download is called
     *  @param alt what the tag says it is
     *  @param side width and height where they are known */
    show(path, file, alt, side) {
        this.path = path;
        const url = location.origin + path;
        const header = this.server.key === "" ? "" : '-H "Authorization: Bearer $KEY" ';
        const size = side ? ` width="${side}" height="${side}"` : "";
        this.url.code.textContent = url;
        this.tag.code.textContent = `<img src="${escape(url)}"${size} alt="${escape(alt)}">`;
        this.command.code.textContent = `curl -o ${file} ${header}'${url}'`;
        this.download.href = path;
        this.download.download = file;
        this.open.href = path;
    }
}

function escape(text) {
    return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
