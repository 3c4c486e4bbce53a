// What a transport is: it carries one HTTP exchange at a time-line of events, cancellably.

/// One HTTP request to a checked endpoint.
package struct HTTPRequest: Sendable {
  package let endpoint: CheckedEndpoint
  /// Path after the endpoint's base path, such as `/v1/models`.
  package let path: String
  /// nil makes it a GET, anything else a POST of JSON.
  package let body: [UInt8]?
  package let apiKey: APIKey?
  package var limits: ExchangeLimits

  package init(
    endpoint: CheckedEndpoint, path: String, body: [UInt8]? = nil, apiKey: APIKey? = nil,
    limits: ExchangeLimits
  ) {
    self.endpoint = endpoint
    self.path = path
    self.body = body
    self.apiKey = apiKey
    self.limits = limits
  }
}

/// Bounds of one exchange; times in milliseconds, nil where there is none.
package struct ExchangeLimits: Equatable, Sendable {
  package var connectMilliseconds: Int
  /// From the start to the end of the exchange.
  package var wholeMilliseconds: Int?
  /// Between two pieces of the body; the wait for the first is not bounded, since requests queue.
  package var silenceMilliseconds: Int?
  package var bodyBytes: Int

  package init(
    connectMilliseconds: Int = 3000, wholeMilliseconds: Int? = nil,
    silenceMilliseconds: Int? = nil, bodyBytes: Int
  ) {
    self.connectMilliseconds = connectMilliseconds
    self.wholeMilliseconds = wholeMilliseconds
    self.silenceMilliseconds = silenceMilliseconds
    self.bodyBytes = bodyBytes
  }

  /// For a short question that a healthy server answers at once.
  package static let question = ExchangeLimits(wholeMilliseconds: 2000, bodyBytes: 8 << 20)
  /// For a streamed answer.
  package static let answer = ExchangeLimits(silenceMilliseconds: 120_000, bodyBytes: 1 << 30)
}

/// Header fields of a response; names in lower case.
package struct ResponseHeaders: Equatable, Sendable {
  private var fields: [String: String] = [:]

  package init() {}

  /// The last value of a field, or nil.
  package subscript(name: String) -> String? { fields[name] }

  /// Adds a header line as it came; lines without a colon are passed over.
  package mutating func add(line: [UInt8]) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
    let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
    fields[name] = end.map { String(decoding: value[...$0], as: UTF8.self) } ?? ""
  }
}

/// The head of a response: its bytes as they came, and what they say.
package struct ResponseHead: Equatable, Sendable {
  package let status: Int
  package let headers: ResponseHeaders
  /// Status line and fields as received, through the empty line.
  package let raw: [UInt8]

  /// Reads a head; nil when its first line is no status line of HTTP.
  package init?(raw: [UInt8]) {
    let lines = raw.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let first = lines.first, first.starts(with: "HTTP/".utf8) else { return nil }
    let words = first.split(separator: 0x20)
    guard words.count >= 2, let status = Int(String(decoding: words[1].prefix(3), as: UTF8.self)),
      (100...999).contains(status)
    else { return nil }
    var headers = ResponseHeaders()
    for line in lines.dropFirst() { headers.add(line: Array(line)) }
    self.status = status
    self.headers = headers
    self.raw = raw
  }
}

/// What happens to an exchange, in this order; `.ended` comes exactly once and last.
package enum TransportEvent: Sendable {
  /// Connected, and the peer is who was checked. Nothing was sent yet.
  case connected
  /// The whole request was handed to the system.
  case sent
  case head(ResponseHead)
  case bytes([UInt8])
  case ended(TransportEnd)
}

/// How an exchange ended.
package enum TransportEnd: Equatable, Sendable {
  /// The response ended as HTTP says it should.
  case whole
  case cancelled
  case failed(ModelError.Reason)
}

/// Names one exchange of a transport.
package struct ExchangeID: Hashable, Sendable {
  let number: UInt64
}

/// Carries exchanges on a thread of its own. All callbacks run on that thread, one at a time.
package protocol Transport: AnyObject, Sendable {
  /// Starts `request` after `delayMilliseconds`.
  @discardableResult
  func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID

  /// Closes the exchange's connection at once; it ends with `.cancelled` if it had not ended.
  func cancel(_ exchange: ExchangeID)

  /// Runs `work` on the transport's thread after `delayMilliseconds`.
  func perform(afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void)
}
