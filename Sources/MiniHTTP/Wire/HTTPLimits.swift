// SPDX-License-Identifier: Apache-2.0

/// The largest request that is read. What is larger is answered with the status named at each limit, and the
/// connection closes.
public struct HTTPLimits: Sendable, Equatable {
    /// Bytes of the request line (default 8192): 414.
    public var maxRequestLineBytes: Int
    /// Bytes of the header section without the request line, and of a trailer section (default 32768): 431.
    public var maxHeaderBytes: Int
    /// Fields in the header section, and in a trailer section (default 100): 431.
    public var maxHeaderCount: Int
    /// Bytes of the body after the chunked coding is removed (default 1 MiB): 413.
    public var maxBodyBytes: Int
    /// Bytes of all chunk-size lines of one body beyond the sizes themselves, that is, of chunk extensions (default
    /// 4096): 413. Without it a client can send any amount that counts as no body at all.
    public var maxChunkExtensionBytes: Int

    /// Makes limits; each has the default named at its property.
    public init(
        maxRequestLineBytes: Int = 8 * 1024,
        maxHeaderBytes: Int = 32 * 1024,
        maxHeaderCount: Int = 100,
        maxBodyBytes: Int = 1024 * 1024,
        maxChunkExtensionBytes: Int = 4 * 1024
    ) {
        self.maxRequestLineBytes = maxRequestLineBytes
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaderCount = maxHeaderCount
        self.maxBodyBytes = maxBodyBytes
        self.maxChunkExtensionBytes = maxChunkExtensionBytes
    }
}
