// SPDX-License-Identifier: Apache-2.0

/// The part of the configuration that says who may have what: keys, signatures, origins.
struct AccessConfiguration: Sendable {
    var keys: [APIKey] = []
    var signingKeys: [URLSigningKey] = []
    var metricsAreOpen = false
    var cors = CORSPolicy()
    var headers = SecurityHeadersMiddleware()
}

extension AccessConfiguration {
    init(_ values: ConfigurationValues) throws {
        self.init(
            keys: try values.value(ConfigurationKeys.accessKeys),
            signingKeys: try values.value(ConfigurationKeys.signingKeys),
            metricsAreOpen: try values.value(ConfigurationKeys.metricsAreOpen),
            cors: CORSPolicy(allowOrigins: try values.value(ConfigurationKeys.allowOrigins)),
            headers: SecurityHeadersMiddleware(
                resourcePolicy: try values.value(ConfigurationKeys.resourcePolicy),
                robots: try values.value(ConfigurationKeys.robots)
            )
        )
    }

    var policy: AccessPolicy {
        AccessPolicy(keys: keys, signingKeys: signingKeys, metricsAreOpen: metricsAreOpen)
    }
}
