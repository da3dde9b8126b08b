// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension PictureFileType {
    /// What the `Accept` field of a request wants most: a type that it names, the one with the smallest files among
    /// those that it wants alike, and PNG where it names none.
    static func negotiated(by request: HTTPRequest) throws -> PictureFileType {
        try checkExtension(request)
        let accepted = AcceptField(request.headers.values(for: "Accept"))
        let best = accepted.best(of: stills.map(\.mediaType), fallback: PictureFileType.png.mediaType)
        guard let type = stills.first(where: { $0.mediaType == best }) else {
            let types = stills.map(\.mediaType).joined(separator: ", ")
            throw HTTPError(
                .notAcceptable, detail: "The picture is to be had as \(types), none of which the Accept field allows.",
                headers: ["Vary": "Accept"])
        }
        return type
    }

    /// A mistyped extension is told as such, rather than as a bad seed.
    private static func checkExtension(_ request: HTTPRequest) throws {
        guard let seed = request.parameters["seed"], let dot = seed.lastIndex(of: ".") else { return }
        let name = ParameterError.shortened(String(seed[seed.index(after: dot)...]))
        let known = stills.map { ".\($0.rawValue)" }.joined(separator: ", ")
        throw HTTPError(.notFound, detail: "There are no faces of the format '.\(name)', only \(known).")
    }
}
