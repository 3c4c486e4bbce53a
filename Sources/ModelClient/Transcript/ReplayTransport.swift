// Plays a transcript through the same decoder as a server's answer, at a pace people can follow.

import Synchronization

/// How a recorded gap becomes a wait.
package struct ReplayPace: Sendable {
  /// The wait in milliseconds for a gap of so many milliseconds before a record. The events of the
  /// record share it evenly, since a quick server sends many at once.
  package var wait: @Sendable (Int) -> Int

  package init(_ wait: @escaping @Sendable (Int) -> Int) { self.wait = wait }

  /// As fast as it goes.
  package static let immediate = ReplayPace { _ in 0 }
  /// As recorded, but without long pauses, and with time to see a record.
  package static let readable = ReplayPace { max(15, min(400, $0)) }
}

/// Answers every request with the transcript. Connects to nothing.
package final class ReplayTransport: Transport {
  private let steps: [Step]
  private let pace: ReplayPace
  /// Lends its thread and its timers; no exchange is ever started on it.
  private let loop = CurlTransport()
  private let runs = ReplayRuns()

  private struct Step: Sendable {
    let gapMilliseconds: Int
    /// Which part of its record this is, 0-based, and how many there are.
    let part: Int
    let partCount: Int
    let event: TransportEvent
  }

  package init(_ transcript: Transcript, pace: ReplayPace) {
    self.pace = pace
    var steps: [Step] = []
    var last = 0
    func add(_ events: [TransportEvent], at time: Int) {
      for (part, event) in events.enumerated() {
        steps.append(
          Step(
            gapMilliseconds: time - last, part: part, partCount: events.count, event: event))
      }
      last = time
    }
    var hasEnd = false
    for record in transcript.records where !hasEnd {
      switch record.content {
      case .head(let raw):
        guard let head = ResponseHead(raw: raw) else { continue }
        add([.head(head)], at: record.milliseconds)
      case .bytes(let bytes):
        add(Self.pieces(of: bytes).map(TransportEvent.bytes), at: record.milliseconds)
      case .end(let isWhole):
        hasEnd = true
        let end: TransportEnd = isWhole ? .whole : .failed(.connectionLost("as recorded"))
        add([.ended(end)], at: record.milliseconds)
      }
    }
    if !hasEnd { add([.ended(.failed(.connectionLost("as recorded")))], at: last) }
    self.steps = steps
  }

  package func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID {
    let identifier = runs.next()
    loop.perform(afterMilliseconds: delayMilliseconds) { [self] in
      runs.begin(identifier, deliver)
      deliver(.connected)
      deliver(.sent)
      play(0, of: identifier)
    }
    return identifier
  }

  package func cancel(_ exchange: ExchangeID) {
    loop.perform(afterMilliseconds: 0) { [self] in
      runs.end(exchange)?(.ended(.cancelled))
    }
  }

  package func perform(
    afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void
  ) {
    loop.perform(afterMilliseconds: delay, work)
  }

  private func play(_ index: Int, of identifier: ExchangeID) {
    let step = steps[index]
    let whole = pace.wait(step.gapMilliseconds)
    let share = whole * (step.part + 1) / step.partCount - whole * step.part / step.partCount
    loop.perform(afterMilliseconds: share) { [self] in
      guard let deliver = runs.running(identifier) else { return }
      if case .ended = step.event {
        _ = runs.end(identifier)
        deliver(step.event)
      } else {
        deliver(step.event)
        play(index + 1, of: identifier)
      }
    }
  }

  /// Cuts after each event.
  private static func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var current: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      current.append(byte)
      let nextIsNewline = index + 1 < bytes.count && bytes[index + 1] == 0x0A
      if byte == 0x0A, !nextIsNewline {
        pieces.append(current)
        current = []
      }
    }
    if !current.isEmpty { pieces.append(current) }
    return pieces
  }
}

/// The replays under way. Unchecked: apart from the counter it is used on the loop's thread only.
private final class ReplayRuns: @unchecked Sendable {
  private let counter = Atomic<UInt64>(1)
  private var callbacks: [ExchangeID: @Sendable (TransportEvent) -> Void] = [:]

  func next() -> ExchangeID {
    ExchangeID(number: counter.wrappingAdd(1, ordering: .relaxed).oldValue)
  }

  func begin(_ run: ExchangeID, _ deliver: @escaping @Sendable (TransportEvent) -> Void) {
    callbacks[run] = deliver
  }

  func running(_ run: ExchangeID) -> (@Sendable (TransportEvent) -> Void)? { callbacks[run] }

  /// Forgets a replay and returns whom to tell; nil when it had ended.
  func end(_ run: ExchangeID) -> (@Sendable (TransportEvent) -> Void)? {
    callbacks.removeValue(forKey: run)
  }
}
