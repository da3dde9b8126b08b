// SPDX-License-Identifier: Apache-2.0

/**
 * Makes an element. Attributes that are functions become listeners (`onclick`), `true` and `false` set and leave out, and
 * children may be texts. Nothing is parsed, so no text can become markup.
 */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") made.addEventListener(name.slice(2), value);
        else if (value === true) made.setAttribute(name, "");
        else if (value !== false && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== undefined));
    return made;
}

const counts = new Map();

/** A name for an element that no other has, such as "truncation-1". */
export function uniqueId(stem) {
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    return `${stem}-${counts.get(stem)}`;
}

/** Says something to those who listen to the page: in the dialog that is open, since all else is silent then. */
export function announce(text) {
    const place = document.querySelector("dialog[open] [role=status]") ?? document.getElementById("message");
    // The same words again would not be read out.
    place.textContent = place.textContent === text ? `${text}\u00a0` : text;
}

/** "7.6 KB" */
export function bytesText(count) {
    if (count < 1000) return `${count} B`;
    const units = ["KB", "MB", "GB", "TB"];
    let value = count / 1000;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** At most so many decimals, and none that says nothing: 0.7, not 0.700. */
export function decimal(number, places = 3) {
    return String(Number(Number(number).toFixed(places)));
}
