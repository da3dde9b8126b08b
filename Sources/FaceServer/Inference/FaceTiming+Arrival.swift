// SPDX-License-Identifier: Apache-2.0

extension FaceTiming {
    /// What a result tells of how it came about.
    init(_ arrival: Flights<FaceKey, FaceWorker>.Arrival) {
        switch arrival.source {
        case .recalled, .fetched:
            self.init(cache: .hit)
        case .computed where arrival.joined:
            self.init(cache: .joined)
        case .computed(let waited, _):
            self.init(
                cache: .miss, queue: waited, inference: arrival.response.inference, png: arrival.response.encoding)
        }
    }
}
