// How many requests wait at a server, by its metrics in Prometheus' text format.

extension ServerKind {
  /// The metric that counts waiting requests; nil where we know of none.
  private var waitingMetric: String? {
    switch self {
    case .llamaServer: "llamacpp:requests_deferred"
    case .vllm: "vllm:num_requests_waiting"
    case .sglang: "sglang:num_queue_reqs"
    case .ollama, .lmStudio, .generic: nil
    }
  }

  /// How many requests wait, summed over a server's models and engines; nil if `metrics` do not tell.
  func waitingRequests(in metrics: [UInt8]) -> Int? {
    guard let name = waitingMetric?.utf8 else { return nil }
    var waiting: Double?
    for line in metrics.split(separator: 0x0A) where line.starts(with: name) {
      let rest = line.dropFirst(name.count)
      // Longer names begin alike, such as vLLM's num_requests_waiting_by_reason.
      guard rest.first == 0x20 || rest.first == UInt8(ascii: "{"),
        let value = rest.split(separator: 0x20).last,
        let number = Double(String(decoding: value, as: UTF8.self))
      else { continue }
      waiting = (waiting ?? 0) + number
    }
    return waiting.flatMap { Int(exactly: $0.rounded()) }
  }
}
