// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization

/// `/`: a page to look through what the server makes. Without its scripts it is a wall of links. Nothing of it comes from
/// elsewhere.
struct PageRoutes: Sendable {
    /// Fills its rows whatever their number: the style sheet's are all divisors of 60.
    private static let wallCount = 60
    /// The side of the wall's pictures, which those of a 1024x1024 model would make weigh some 100 MB, and those of a
    /// small one would leave blurred.
    private static let wallResolution = 128
    /// Nothing inline, nothing from elsewhere. Pictures that a script has fetched are blobs. The form opens a face.
    private static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

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

    private let assets = PageAssets()
    private let models: ModelRegistry
    /// Made anew when the default model is another.
    private let page = SharedPage()
    private let address: ReachableAddress
    private let hasStatus: Bool

    /// - Parameters:
    ///   - address: what the page names to a client that sent no usable Host field.
    ///   - hasStatus: whether there is `/status`
    init(models: ModelRegistry, address: ReachableAddress, hasStatus: Bool) {
        self.address = address
        self.models = models
        self.hasStatus = hasStatus
    }

    /// The page, but for the host.
    private func render(_ entry: CatalogEntry) -> String {
        let traits = entry.traits
        let model = """
            <p>Model <strong>\(Self.escape(entry.name))</strong>, \(traits.resolution)&times;\(traits.resolution), \
            SHA-256 <code>\(entry.model.identity.sha256.prefix(12))</code>&hellip; <a href="/models">All models</a></p>
            """
        return
            frame
            .replacing("{{locked}}", with: "")
            .replacing("{{notice}}", with: "")
            .replacing("{{wall}}", with: Self.wall(traits))
            .replacing("{{example}}", with: Self.escape(Self.face(42, traits).canonicalURL))
            .replacing("{{random}}", with: traits.classCount > 0 ? "/face?class=0" : "/face")
            .replacing(
                "{{class}}",
                with: traits.classCount > 0 ? "<input type=\"hidden\" name=\"class\" value=\"0\">" : ""
            )
            .replacing("{{model}}", with: model)
    }

    /// What all its states have in common.
    private var frame: String {
        PageFiles.template
            .replacing("{{assets}}", with: "/page/\(assets.version)")
            .replacing("{{last}}", with: String(Self.wallCount - 1))
            .replacing("{{status}}", with: hasStatus ? "/status" : "")
    }

    /// The page for a browser that may not see what is served, with the problem's own status and fields. It says what is
    /// missing, takes a key, and tells nothing of the models. nil where no page was asked for.
    @Sendable func door(_ request: HTTPRequest, _ error: HTTPError) -> HTTPResponse? {
        let accepted = request.headers.values(for: "Accept").joined(separator: ",")
        guard request.routePattern == "/", accepted.contains("text/html") else { return nil }
        let html =
            frame
            .replacing("{{locked}}", with: " data-locked=\"\(error.status.code)\"")
            .replacing("{{notice}}", with: Self.escape(error.detail))
            .replacing("{{wall}}", with: "")
            .replacing("{{example}}", with: "/faces/42.png")
            .replacing("{{random}}", with: "/face")
            .replacing("{{class}}", with: "")
            .replacing("{{model}}", with: "")
        var response = answer(request, html, cacheControl: "no-store")
        response.status = error.status
        for (name, value) in error.headers {
            response.headers.add(name, value)
        }
        response.headers.add("Vary", "Accept")
        return response
    }

    func add(to router: inout Router) {
        assets.add(to: &router)
        router.get("/") { request in
            _ = try ParameterParser.none.parse(request)
            let entry = models.catalog.defaultEntry
            return answer(
                request, page.html(of: entry.model.identity) { render(entry) }, cacheControl: "no-cache")
        }
    }

    private func answer(_ request: HTTPRequest, _ html: String, cacheControl: String) -> HTTPResponse {
        let host = request.headers["Host"].flatMap { Self.isHost($0) ? $0 : nil } ?? address.description
        return HTTPResponse(
            headers: [
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": Self.contentSecurityPolicy,
                "Referrer-Policy": "no-referrer",
                "Cache-Control": cacheControl,
            ],
            body: Array(html.replacing("{{host}}", with: host).utf8)
        )
    }

    static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.allSatisfy(hostCharacters.contains)
    }

    /// A click on a face opens the picture itself, until a script makes more of it.
    private static func wall(_ traits: ModelTraits) -> String {
        let size = min(traits.resolution * 2, wallResolution)
        return (0..<UInt32(wallCount)).map { seed in
            let face = face(seed, traits)
            var small = face
            small.size = size == traits.resolution ? nil : size
            return """
                <li><a href="\(escape(face.canonicalURL))" data-seed="\(seed)"><img src="\(escape(small.canonicalURL))" \
                loading="lazy" width="\(size)" height="\(size)" alt="Face \(seed)">\
                <span aria-hidden="true">\(seed)</span></a></li>
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

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;")
            .replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
