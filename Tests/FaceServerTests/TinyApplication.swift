// SPDX-License-Identifier: Apache-2.0

import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

extension TemporaryFolder {
    /// The whole server but its sockets, with a network of 8x8 pixels whose z and w have 8 elements and 4 layers.
    func tinyApplication(_ flags: [String: String] = [:]) async throws -> Application {
        let flags = ["model.path": try tinyModel("tiny.safetensors")].merging(flags) { $1 }
        return try buildApplication(
            configuration: try await ServerConfiguration.load(flags: flags, environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
    }
}

extension Application {
    func send(
        _ target: String, _ headers: HTTPHeaders = [:], from client: SocketAddress? = nil
    ) async throws -> HTTPResponse {
        try await handler.handle(HTTPRequest(target: target, headers: headers, remoteAddress: client))
    }

    func picture(_ target: String) async throws -> RGBImage {
        try await send(target).picture()
    }
}

extension HTTPResponse {
    /// Of a PNG.
    func picture() throws -> RGBImage {
        expectOK()
        return try PNGDecoder().decode(body, maxPixels: 1 << 20)
    }

    func expectOK() {
        #expect(status == .ok, "\(String(decoding: body.prefix(300), as: UTF8.self))")
    }
}
