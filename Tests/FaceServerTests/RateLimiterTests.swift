// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct RateLimiterTests {
    private static let client = ClientIdentity.network("192.0.2.1")

    private let clock = ManualClock()

    /// Two tokens a second, three in the bucket.
    private func limiter(
        interval: Duration = .milliseconds(500), burst: Int = 3, maxClients: Int = 100
    ) -> RateLimiter {
        RateLimiter(
            limit: .init(interval: interval, burst: burst, maxClients: maxClients), now: { [clock] in clock.now })
    }

    /// How many of `count` charges at once go through.
    private func charge(_ limiter: RateLimiter, _ count: Int, client: ClientIdentity = client) -> Int {
        (0..<count).count { _ in (try? limiter.charge(client)) != nil }
    }

    @Test func burstThenRate() {
        let limiter = limiter()
        #expect(charge(limiter, 10) == 3)
        clock.advance(by: .milliseconds(499))
        #expect(charge(limiter, 10) == 0)
        clock.advance(by: .milliseconds(1))
        #expect(charge(limiter, 10) == 1)
        clock.advance(by: .seconds(1))
        #expect(charge(limiter, 10) == 2)
        clock.advance(by: .seconds(3600))
        #expect(charge(limiter, 10) == 3, "a bucket holds no more")
    }

    @Test func refusalCostsNothing() {
        let limiter = limiter()
        _ = charge(limiter, 1000)
        clock.advance(by: .milliseconds(500))
        #expect(charge(limiter, 1000) == 1)
    }

    @Test func whatIsGivenBackMayBeTakenAgain() {
        let limiter = limiter()
        _ = charge(limiter, 3)
        limiter.refund(Self.client)
        #expect(charge(limiter, 10) == 1)
        for _ in 0..<10 {
            limiter.refund(Self.client)
        }
        #expect(charge(limiter, 10) == 3, "a bucket holds no more")
        limiter.refund(.network("192.0.2.9"))
        #expect(charge(limiter, 10, client: .network("192.0.2.9")) == 3)
    }

    @Test func refusalSaysWhenToComeAgain() {
        let limiter = limiter()
        _ = charge(limiter, 3)
        clock.advance(by: .milliseconds(200))
        let error = #expect(throws: RateLimiter.Exceeded.self) { try limiter.charge(Self.client) }
        #expect(error == .init(standing: .init(remaining: 0, nextToken: .milliseconds(300))))
        clock.advance(by: .milliseconds(300))
        #expect(throws: Never.self) { try limiter.charge(Self.client) }
    }

    @Test func clientsDoNotShare() {
        let limiter = limiter()
        #expect(charge(limiter, 5) == 3)
        #expect(charge(limiter, 5, client: .network("192.0.2.2")) == 3)
        #expect(charge(limiter, 5, client: .key("192.0.2.1")) == 3, "a key that is called like an address")
    }

    @Test(
        arguments: [
            (0, 0, 3, 500, "full"),
            (1, 0, 2, 500, "one taken"),
            (1, 499, 2, 1, "nearly full again"),
            (1, 500, 3, 500, "full again"),
            (2, 100, 1, 400, "two taken"),
            (3, 0, 0, 500, "empty"),
            (3, 750, 1, 250, "one and a half back"),
        ] as [(Int, Int, Int, Int, String)])
    func standingIsInWholeTokens(taken: Int, milliseconds: Int, remaining: Int, next: Int, reason: String) {
        let limiter = limiter()
        _ = charge(limiter, taken)
        clock.advance(by: .milliseconds(milliseconds))
        let standing = limiter.standing(of: Self.client)
        #expect(standing == .init(remaining: remaining, nextToken: .milliseconds(next)), "\(reason)")
        #expect(limiter.standing(of: Self.client) == standing, "looking costs nothing")
    }

    @Test func memoryIsBounded() {
        let limiter = limiter(maxClients: 10)
        for number in 0..<1000 {
            #expect(charge(limiter, 1, client: .network("\(number)")) == 1, "a newcomer is never refused for others")
            #expect(limiter.clientCount <= 10)
        }
    }

    @Test func fullBucketsAreForgottenFirst() {
        let limiter = limiter(maxClients: 10)
        for number in 0..<9 {
            _ = charge(limiter, 1, client: .network("\(number)"))
        }
        clock.advance(by: .milliseconds(500))
        _ = charge(limiter, 3)
        #expect(limiter.clientCount == 10)
        _ = charge(limiter, 1, client: .network("new"))
        #expect(limiter.clientCount == 2, "those nine buckets are full")
        #expect(charge(limiter, 1) == 0, "an empty bucket is remembered")
    }

    @Test func fieldsAreThoseOfTheDraft() {
        let limiter = limiter(interval: .milliseconds(1500), burst: 5)
        #expect(limiter.policyField == "\"client\";q=5;w=8")
        #expect(
            RateLimiter.limitField(.init(remaining: 4, nextToken: .milliseconds(1200))) == "\"client\";r=4;t=2")
        #expect(RateLimiter.limitField(.init(remaining: 0, nextToken: .milliseconds(1))) == "\"client\";r=0;t=1")
    }

    @Test func problemHasRetryAfter() throws {
        let error = RateLimiter.Exceeded(standing: .init(remaining: 0, nextToken: .milliseconds(2100))).httpError
        let response = error.response()
        #expect(response.status == .tooManyRequests)
        #expect(response.headers["Retry-After"] == "3")
        #expect(String(decoding: response.body, as: UTF8.self).contains("\"violated-policies\":[\"client\"]"))
    }

    @Test(
        arguments: [
            ("0", nil, "off"), ("0.0", nil, "off in another spelling"), ("2", .milliseconds(500), "two a second"),
            ("0.001", .seconds(1000), "the least"), ("1000000", .microseconds(1), "the most"),
        ] as [(String, Duration?, String)])
    func rateBecomesAnInterval(rate: String, interval: Duration?, reason: String) async throws {
        let configuration = try await ServerConfiguration.load(
            flags: ["rateLimit.requestsPerSecond": rate, "rateLimit.burst": "1000000"], environment: [:])
        let limit = configuration.access.rateLimit
        #expect(limit?.interval == interval, "\(reason)")
        // The largest burst at the least rate can still be reckoned with.
        if let limit {
            let limiter = RateLimiter(limit: limit, now: { [clock] in clock.now })
            #expect(charge(limiter, 3) == 3)
            #expect(limiter.standing(of: Self.client).remaining == 999_997)
        }
    }

    @Test(arguments: ["-1", "0.0001", "1000001", "many"])
    func rateOutOfRangeIsRefused(rate: String) async {
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(flags: ["rateLimit.requestsPerSecond": rate], environment: [:])
        }
        #expect(
            error?.description
                == "rateLimit.requestsPerSecond is '\(rate)', expected 0 or a decimal number from 0.001 to 1000000")
    }
}
