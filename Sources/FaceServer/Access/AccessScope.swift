// SPDX-License-Identifier: Apache-2.0

/// What an API key lets its holder do.
enum AccessScope: String, CaseIterable, Sendable {
    /// Everything but what the others name: faces, the page, the lists of models.
    case faces
    /// `/metrics`
    case metrics
    /// `/admin/...`
    case admin

    /// The scope that a route needs; nil for those that are open to everyone.
    ///
    /// - Parameter route: the pattern that matched, so that no other spelling of a path gets around it; nil where none
    ///   did.
    static func required(route: String?) -> AccessScope? {
        switch route {
        // The page's style sheet and scripts are the same for everyone, and tell nothing of what is served.
        case "/healthz", "/readyz", PageAssets.pattern: nil
        case "/metrics": .metrics
        case let route? where route.hasPrefix("/admin/"): .admin
        // What does not exist as well, so that only those who may look can tell what is there.
        default: .faces
        }
    }
}
