// SPDX-License-Identifier: Apache-2.0

/// Values of `Cache-Control` (RFC 9111 section 5.2, RFC 8246) that several routes share.
enum CacheControl {
    /// Of what is decided by its URL: it may be kept for a year, and need not be asked for meanwhile.
    static let forever = "public, max-age=31536000, immutable"
}
