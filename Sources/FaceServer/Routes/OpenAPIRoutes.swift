// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import MiniHTTP
import Synchronization

/// `/openapi.json`
struct OpenAPIRoutes: Sendable {
    /// The document of the models that were asked for last. The lock guards both.
    private final class SharedText: Sendable {
        private let state = Mutex<(models: [ModelIdentity], text: String)?>(nil)

        func text(of models: [ModelIdentity], make: () throws -> String) throws -> String {
            try state.withLock { state in
                if let state, state.models == models { return state.text }
                let text = try make()
                state = (models, text)
                return text
            }
        }
    }

    let models: ModelRegistry
    let isOpen: Bool
    let isMeasured: Bool
    private let shared = SharedText()

    /// - Parameters:
    ///   - isOpen: whether nothing needs a key
    ///   - isMeasured: whether there is `/metrics`
    init(models: ModelRegistry, isOpen: Bool, isMeasured: Bool) {
        self.models = models
        self.isOpen = isOpen
        self.isMeasured = isMeasured
    }

    func add(to router: inout Router) {
        router.get("/openapi.json") { request in
            _ = try ParameterParser.none.parse(request)
            let catalog = models.catalog
            let text = try shared.text(of: catalog.entries.map(\.model.identity)) {
                try JSONText.encode(OpenAPIDocument(catalog, isOpen: isOpen, isMeasured: isMeasured).json) + "\n"
            }
            let tag = "\"" + Hexadecimal.encode(SHA256.hash(data: Data(text.utf8)).prefix(16)) + "\""
            let headers: HTTPHeaders = ["ETag": tag, "Cache-Control": "no-cache"]
            if try request.isNotModified(etag: tag) {
                return HTTPResponse(status: .notModified, headers: headers)
            }
            return .json(text, headers: headers)
        }
    }
}
