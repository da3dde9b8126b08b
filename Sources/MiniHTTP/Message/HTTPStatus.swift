// SPDX-License-Identifier: Apache-2.0

/// A response status (RFC 9110 section 15).
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible {
    /// The three-digit code.
    public let code: Int

    /// Makes a status of any code; the encoder refuses a final response outside 200 to 599.
    public init(code: Int) {
        self.code = code
    }

    /// `404 Not Found`, as in a status line.
    public var description: String { "\(code) \(reasonPhrase)" }

    /// RFC 9110 section 6.4.1 and 15: responses that end with their header section, whatever their fields say.
    var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }

    /// Also 205, which has a body of no bytes (RFC 9110 section 15.3.6).
    var forbidsContent: Bool { forbidsBody || code == 205 }
}

extension HTTPStatus {
    /// `100 Continue`
    public static let `continue` = HTTPStatus(code: 100)
    /// `102 Processing` (RFC 2518 section 10.1)
    public static let processing = HTTPStatus(code: 102)
    /// `200 OK`
    public static let ok = HTTPStatus(code: 200)
    /// `201 Created`
    public static let created = HTTPStatus(code: 201)
    /// `202 Accepted`
    public static let accepted = HTTPStatus(code: 202)
    /// `204 No Content`
    public static let noContent = HTTPStatus(code: 204)
    /// `206 Partial Content`
    public static let partialContent = HTTPStatus(code: 206)
    /// `301 Moved Permanently`
    public static let movedPermanently = HTTPStatus(code: 301)
    /// `302 Found`
    public static let found = HTTPStatus(code: 302)
    /// `303 See Other`
    public static let seeOther = HTTPStatus(code: 303)
    /// `304 Not Modified`
    public static let notModified = HTTPStatus(code: 304)
    /// `307 Temporary Redirect`
    public static let temporaryRedirect = HTTPStatus(code: 307)
    /// `308 Permanent Redirect`
    public static let permanentRedirect = HTTPStatus(code: 308)
    /// `400 Bad Request`
    public static let badRequest = HTTPStatus(code: 400)
    /// `401 Unauthorized`
    public static let unauthorized = HTTPStatus(code: 401)
    /// `403 Forbidden`
    public static let forbidden = HTTPStatus(code: 403)
    /// `404 Not Found`
    public static let notFound = HTTPStatus(code: 404)
    /// `405 Method Not Allowed`
    public static let methodNotAllowed = HTTPStatus(code: 405)
    /// `406 Not Acceptable`
    public static let notAcceptable = HTTPStatus(code: 406)
    /// `408 Request Timeout`
    public static let requestTimeout = HTTPStatus(code: 408)
    /// `410 Gone`
    public static let gone = HTTPStatus(code: 410)
    /// `412 Precondition Failed`
    public static let preconditionFailed = HTTPStatus(code: 412)
    /// `413 Content Too Large`
    public static let contentTooLarge = HTTPStatus(code: 413)
    /// `414 URI Too Long`
    public static let uriTooLong = HTTPStatus(code: 414)
    /// `415 Unsupported Media Type`
    public static let unsupportedMediaType = HTTPStatus(code: 415)
    /// `416 Range Not Satisfiable`
    public static let rangeNotSatisfiable = HTTPStatus(code: 416)
    /// `417 Expectation Failed`
    public static let expectationFailed = HTTPStatus(code: 417)
    /// `422 Unprocessable Content`
    public static let unprocessableContent = HTTPStatus(code: 422)
    /// `429 Too Many Requests` (RFC 6585 section 4)
    public static let tooManyRequests = HTTPStatus(code: 429)
    /// `431 Request Header Fields Too Large` (RFC 6585 section 5)
    public static let requestHeaderFieldsTooLarge = HTTPStatus(code: 431)
    /// `500 Internal Server Error`
    public static let internalServerError = HTTPStatus(code: 500)
    /// `501 Not Implemented`
    public static let notImplemented = HTTPStatus(code: 501)
    /// `502 Bad Gateway`
    public static let badGateway = HTTPStatus(code: 502)
    /// `503 Service Unavailable`
    public static let serviceUnavailable = HTTPStatus(code: 503)
    /// `504 Gateway Timeout`
    public static let gatewayTimeout = HTTPStatus(code: 504)
    /// `505 HTTP Version Not Supported`
    public static let httpVersionNotSupported = HTTPStatus(code: 505)
}

extension HTTPStatus {
    /// The phrase of the IANA registry; empty for a code that is not in it.
    public var reasonPhrase: String {
        switch code {
        case 100: "Continue"
        case 102: "Processing"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
