// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import MiniHTTP
import Synchronization

/// `/`: a page that shows what the server makes, and the style sheet it uses. No script, nothing from elsewhere.
struct PageRoutes: Sendable {
    private static let wallCount = 60
    /// The wall's pictures are no larger: those of a 1024x1024 model would weigh some 100 MB together.
    private static let maxWallResolution = 128

    /// RFC 9110 section 4.2.1 hosts, IPv6 literals among them, with an optional port. Anything else in a Host field
    /// does not get into the page.
    private static let hostCharacters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]")

    /// The page of the model that was asked for last. The lock guards both.
    private final class SharedPage: Sendable {
        private let state = Mutex<(identity: ModelIdentity, html: String)?>(nil)

        func html(of identity: ModelIdentity, make: () -> String) -> String {
            state.withLock { state in
                if let state, state.identity == identity { return state.html }
                let html = make()
                state = (identity, html)
                return html
            }
        }
    }

    private let template: String
    private let models: ModelRegistry
    /// Made anew when the default model is another.
    private let page = SharedPage()
    private let styleSheet: [UInt8]
    private let styleSheetTag: String
    private let address: ReachableAddress

    /// - Parameter address: what the page names to a client that sent no usable Host field.
    init(models: ModelRegistry, address: ReachableAddress, resources: ResourceLocator) throws {
        template = try resources.text(of: "Page/index.html")
        styleSheet = Array(try resources.text(of: "Page/page.css").utf8)
        let hash = SHA256.hash(data: Data(styleSheet)).prefix(16)
        styleSheetTag = "\"" + Data(hash).base64EncodedString() + "\""
        self.address = address
        self.models = models
    }

    /// The page, but for the host.
    private func render(_ entry: CatalogEntry) -> String {
        let traits = entry.traits
        return
            template
            .replacingOccurrences(of: "{{wall}}", with: Self.wall(traits))
            .replacingOccurrences(of: "{{last}}", with: String(Self.wallCount - 1))
            .replacingOccurrences(of: "{{example}}", with: Self.escape(Self.face(42, traits).canonicalURL))
            .replacingOccurrences(of: "{{random}}", with: Self.randomURL(traits))
            .replacingOccurrences(of: "{{model}}", with: Self.escape(entry.name))
            .replacingOccurrences(of: "{{hash}}", with: String(entry.model.identity.sha256.prefix(12)))
            .replacingOccurrences(of: "{{resolution}}", with: String(traits.resolution))
    }

    func add(to router: inout Router) {
        router.get("/") { request in
            _ = try ParameterParser.none.parse(request)
            let host = request.headers["Host"].flatMap { Self.isHost($0) ? $0 : nil } ?? address.description
            let entry = models.catalog.defaultEntry
            let html = page.html(of: entry.model.identity) { render(entry) }
            let shown = html.replacingOccurrences(of: "{{host}}", with: host)
            return HTTPResponse(
                headers: [
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Security-Policy":
                        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
                        + "frame-ancestors 'none'",
                    "Referrer-Policy": "no-referrer",
                    "Cache-Control": "no-cache",
                ],
                body: Array(shown.utf8)
            )
        }
        router.get("/page.css") { request in
            _ = try ParameterParser.none.parse(request)
            var headers: HTTPHeaders = ["ETag": styleSheetTag, "Cache-Control": "no-cache"]
            if try request.isNotModified(etag: styleSheetTag) {
                return HTTPResponse(status: .notModified, headers: headers)
            }
            headers.add("Content-Type", "text/css; charset=utf-8")
            return HTTPResponse(headers: headers, body: styleSheet)
        }
    }

    static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.allSatisfy(hostCharacters.contains)
    }

    /// A click on a face opens the picture itself.
    private static func wall(_ traits: ModelTraits) -> String {
        let size = min(traits.resolution, maxWallResolution)
        return (0..<UInt32(wallCount)).map { seed in
            let face = face(seed, traits)
            var small = face
            small.size = size < traits.resolution ? size : nil
            return """
                <li><a href="\(escape(face.canonicalURL))"><img src="\(escape(small.canonicalURL))" loading="lazy" \
                width="\(size)" height="\(size)" alt="Face \(seed)"><span>\(seed)</span></a></li>
                """
        }.joined(separator: "\n")
    }

    private static func face(_ seed: UInt32, _ traits: ModelTraits) -> FaceParameters {
        FaceParameters(
            seed: seed,
            truncation: traits.defaultTruncation,
            classIndex: traits.classCount > 0 ? Int(seed) % traits.classCount : nil
        )
    }

    private static func randomURL(_ traits: ModelTraits) -> String {
        traits.classCount > 0 ? "/face?class=0" : "/face"
    }

    static func escape(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }
}
