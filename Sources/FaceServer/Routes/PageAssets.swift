// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import MiniHTTP

/// The page's style sheet and scripts, in a folder whose name their content decides: a browser may keep them for ever,
/// and never mixes those of two versions.
struct PageAssets: Sendable {
    static let pattern = "/page/{version}/{file}"

    /// Hexadecimal digits.
    let version: String
    private let files: [String: [UInt8]]

    init() {
        var hash = SHA256()
        var files: [String: [UInt8]] = [:]
        for (name, bytes) in PageFiles.assets {
            hash.update(data: Data("\(name) \(bytes.count)\n".utf8))
            hash.update(data: Data(bytes))
            files[name] = bytes
        }
        version = String(Hexadecimal.encode(hash.finalize()).prefix(12))
        self.files = files
    }

    func add(to router: inout Router) {
        router.get(Self.pattern) { request in
            _ = try ParameterParser.none.parse(request)
            let name = request.parameters["file"] ?? ""
            guard request.parameters["version"] == version, let file = files[name] else {
                throw HTTPError(
                    .notFound, detail: "The page of this version has no '\(ParameterError.shortened(name))'.",
                    headers: ["Cache-Control": "no-store"])
            }
            return HTTPResponse(
                headers: ["Content-Type": Self.mediaType(of: name), "Cache-Control": CacheControl.forever], body: file)
        }
    }

    private static func mediaType(of name: String) -> String {
        let type =
            switch name.split(separator: ".").last {
            case "css": "text/css"
            case "svg": "image/svg+xml"
            default: "text/javascript"
            }
        return type + "; charset=utf-8"
    }
}
