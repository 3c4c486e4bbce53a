// Cuts a byte stream into lines, however the network cut it.

/// Lines of a stream of bytes that may be fed in any pieces.
package struct LineSplitter: Sendable {
  /// Bytes after the last line ending.
  package private(set) var unfinished: [UInt8] = []
  private let limit: Int
  private let endsAtCarriageReturn: Bool
  private var lastWasCarriageReturn = false

  /// - Parameter endsAtCarriageReturn: whether CR and CR LF end a line too, as in server-sent events.
  package init(limit: Int, endsAtCarriageReturn: Bool) {
    self.limit = limit
    self.endsAtCarriageReturn = endsAtCarriageReturn
  }

  /// Calls `body` with each line that `bytes` completes, without its ending.
  package mutating func feed(
    _ bytes: some Sequence<UInt8>, _ body: ([UInt8]) -> Void
  ) throws(StreamError) {
    for byte in bytes {
      let followsCarriageReturn = lastWasCarriageReturn
      lastWasCarriageReturn = false
      switch byte {
      case 0x0A where followsCarriageReturn:
        continue
      case 0x0A:
        finishLine(body)
      case 0x0D where endsAtCarriageReturn:
        lastWasCarriageReturn = true
        finishLine(body)
      default:
        guard unfinished.count < limit else { throw .lineTooLong(limit: limit) }
        unfinished.append(byte)
      }
    }
  }

  private mutating func finishLine(_ body: ([UInt8]) -> Void) {
    let line = unfinished
    unfinished = []
    body(line)
  }
}
