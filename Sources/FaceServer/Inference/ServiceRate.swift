// SPDX-License-Identifier: Apache-2.0

/// A running estimate of how long one worker takes for one request.
struct ServiceRate {
    /// The weight of the newest sample. At 1/8 a change of load shows after some ten requests.
    private static let smoothing = 0.125

    private var secondsPerRequest: Double?

    /// Takes in that a worker took `duration` for `count` requests.
    mutating func record(_ duration: Duration, count: Int) {
        guard count > 0 else {
            return
        }
        let sample = duration / .seconds(1) / Double(count)
        secondsPerRequest = secondsPerRequest.map { $0 + Self.smoothing * (sample - $0) } ?? sample
    }

    /// How long `workers` will take for `requests`, in whole seconds as Retry-After wants them: at least one,
    /// at most two minutes, and one while nothing has been measured.
    func timeToServe(_ requests: Int, workers: Int) -> Duration {
        let seconds = (secondsPerRequest ?? 0) * Double(requests) / Double(max(1, workers))
        return .seconds(Int(min(max(seconds.rounded(.up), 1), 120)))
    }
}
