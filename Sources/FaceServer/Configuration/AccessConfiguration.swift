// SPDX-License-Identifier: Apache-2.0

/// The part of the configuration that says who may have what: keys, signatures, origins, rates.
struct AccessConfiguration: Sendable {
    var keys: [APIKey] = []
    var signingKeys: [URLSigningKey] = []
    var metricsAreOpen = false
    var cors = CORSPolicy()
    var headers = SecurityHeadersMiddleware()
    /// nil for no limit.
    var rateLimit: RateLimiter.Limit?
}

extension AccessConfiguration {
    init(_ values: ConfigurationValues) throws {
        let rate = try values.value(ConfigurationKeys.requestsPerSecond)
        self.init(
            keys: try values.value(ConfigurationKeys.accessKeys),
            signingKeys: try values.value(ConfigurationKeys.signingKeys),
            metricsAreOpen: try values.value(ConfigurationKeys.metricsAreOpen),
            cors: CORSPolicy(allowOrigins: try values.value(ConfigurationKeys.allowOrigins)),
            headers: SecurityHeadersMiddleware(
                resourcePolicy: try values.value(ConfigurationKeys.resourcePolicy),
                robots: try values.value(ConfigurationKeys.robots)
            ),
            rateLimit: try RateLimiter.Limit(
                requestsPerSecond: rate,
                burst: values.value(ConfigurationKeys.burst),
                maxClients: values.value(ConfigurationKeys.maxClients)
            )
        )
    }

    var policy: AccessPolicy {
        AccessPolicy(keys: keys, signingKeys: signingKeys, metricsAreOpen: metricsAreOpen)
    }
}

extension RateLimiter.Limit {
    /// nil for a rate of 0, which is none.
    init?(requestsPerSecond: FixedDecimal, burst: Int, maxClients: Int) {
        guard requestsPerSecond.millionths > 0 else {
            return nil
        }
        self.init(
            interval: .nanoseconds(1_000_000_000_000_000 / requestsPerSecond.millionths), burst: burst,
            maxClients: maxClients)
    }
}
