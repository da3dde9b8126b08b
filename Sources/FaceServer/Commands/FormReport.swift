// SPDX-License-Identifier: Apache-2.0

import GANKit

/// What `faceserver bench --forms` found out.
struct FormReport {
    let entries: [FormBenchmark.Entry]

    /// A line for each form of each layer. An asterisk marks the form that the layer takes.
    var text: String {
        let lines = entries.map { entry in
            let milliseconds = (entry.duration / .milliseconds(1)).fixed(2).aligned(to: 8)
            return entry.layer.padded(to: 12) + entry.form.padded(to: 18) + milliseconds + (entry.isChosen ? " *" : "")
        }
        return (["layer       form                    ms"] + lines).joined(separator: "\n")
    }
}
