// SPDX-License-Identifier: Apache-2.0

/// The models that are served at one moment, in the order of their names. There is at least one.
struct ModelCatalog: Sendable {
    let entries: [CatalogEntry]
    let defaultEntry: CatalogEntry
    /// Another in each catalog of a registry.
    let generation: Int

    /// - Parameter defaultIndex: which of `entries` answers where no model is named.
    init(_ entries: [CatalogEntry], defaultIndex: Int, generation: Int = 0) {
        self.entries = entries
        self.generation = generation
        defaultEntry = entries[defaultIndex]
    }

    /// The model of a name, compared byte by byte.
    subscript(name: String) -> CatalogEntry? {
        entries.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}
