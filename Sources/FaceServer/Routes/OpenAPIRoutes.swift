// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import MiniHTTP
import Synchronization

/// `/openapi.json`
struct OpenAPIRoutes: Sendable {
    /// The document, and its entity tag.
    private struct Document {
        let text: String
        let tag: String

        init(_ text: String) {
            self.text = text
            tag = "\"" + Hexadecimal.encode(SHA256.hash(data: Data(text.utf8)).prefix(16)) + "\""
        }
    }

    /// The document of the models that were asked for last. The lock guards both.
    private final class SharedDocument: Sendable {
        private let state = Mutex<(models: [ModelIdentity], document: Document)?>(nil)

        func document(of models: [ModelIdentity], make: () throws -> String) throws -> Document {
            try state.withLock { state in
                if let state, state.models == models { return state.document }
                let document = Document(try make())
                state = (models, document)
                return document
            }
        }
    }

    let models: ModelRegistry
    let isOpen: Bool
    let isMeasured: Bool
    private let shared = SharedDocument()

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
            let document = try shared.document(of: catalog.entries.map(\.model.identity)) {
                try JSONText.encode(OpenAPIDocument(catalog, isOpen: isOpen, isMeasured: isMeasured).json) + "\n"
            }
            let headers: HTTPHeaders = ["ETag": document.tag, "Cache-Control": "no-cache"]
            if try request.isNotModified(etag: document.tag) {
                return HTTPResponse(status: .notModified, headers: headers)
            }
            return .json(document.text, headers: headers)
        }
    }
}
