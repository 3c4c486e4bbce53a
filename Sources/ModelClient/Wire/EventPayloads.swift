// From bytes to payloads: the data of server-sent events, or the lines of newline-separated JSON.

/// How a server cuts its stream into messages.
package enum StreamFormat: Sendable {
  /// `text/event-stream`: OpenAI's protocol and all that copy it.
  case serverSentEvents
  /// One JSON value per line: Ollama's own protocol.
  case jsonLines
}

/// Collects the payloads of a stream fed in any pieces.
///
/// Of server-sent events only `data:` counts; comments, names and ids are passed over.
struct EventPayloads: Sendable {
  private let format: StreamFormat
  private let limit: Int
  private var lines: LineSplitter
  /// The data of the event under way; nil when no `data:` line came yet.
  private var data: [UInt8]?
  private var isFirstLine = true

  init(format: StreamFormat, lineLimit: Int) {
    self.format = format
    limit = lineLimit
    lines = LineSplitter(limit: lineLimit, endsAtCarriageReturn: format == .serverSentEvents)
  }

  /// Calls `body` with each payload that `bytes` completes, in order.
  mutating func feed(
    _ bytes: some Sequence<UInt8>, _ body: ([UInt8]) -> Void
  ) throws(StreamError) {
    var completed: [[UInt8]] = []
    var broken: StreamError?
    do throws(StreamError) {
      try lines.feed(bytes) { completed.append($0) }
    } catch { broken = error }
    for line in completed {
      if let payload = try payload(completedBy: line) { body(payload) }
    }
    if let broken { throw broken }
  }

  /// Returns what the end of the stream leaves unfinished, for a server that omits the last newline.
  mutating func end() -> [UInt8]? {
    guard !lines.unfinished.isEmpty else { return data }
    do throws(StreamError) {
      return try payload(completedBy: lines.unfinished) ?? data
    } catch {
      return nil  // An event over the limit that is torn as well is torn.
    }
  }

  private mutating func payload(completedBy line: [UInt8]) throws(StreamError) -> [UInt8]? {
    var line = line[...]
    if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    isFirstLine = false
    switch format {
    case .jsonLines:
      return line.contains { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } ? Array(line) : nil
    case .serverSentEvents:
      if line.isEmpty {
        defer { data = nil }
        return data
      }
      if line.starts(with: "data:".utf8) {
        line = line.dropFirst(5)
        if line.first == 0x20 { line = line.dropFirst() }
        try addData(line)
      } else if line.elementsEqual("data".utf8) {
        try addData([])
      }
      return nil
    }
  }

  private mutating func addData(_ line: ArraySlice<UInt8>) throws(StreamError) {
    guard data != nil else {
      data = Array(line)
      return
    }
    guard data!.count + line.count < limit else { throw .lineTooLong(limit: limit) }
    data!.append(0x0A)
    data! += line
  }
}
