// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension ModelRegistry {
    /// The model that a URL names.
    ///
    /// - Throws: 404 with the nearest name that there is.
    func entry(of request: HTTPRequest) throws(HTTPError) -> CatalogEntry {
        let name = request.parameters["name"] ?? ""
        let catalog = catalog
        if let entry = catalog[name] {
            return entry
        }
        let suggestion = NearestName.of(name, among: catalog.entries.map(\.name))
        let hint = suggestion.map { "Did you mean '\($0)'?" } ?? "/models lists them all."
        throw HTTPError(
            .notFound, detail: "There is no model '\(ParameterError.shortened(name))'. \(hint)",
            headers: ["Cache-Control": "no-store"])
    }
}
