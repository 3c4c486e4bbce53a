// The thread that drives libcurl: starts, moves, times out, cancels and ends exchanges.

import CCurl

/// The loop's state; lives on its thread only.
struct CurlLoop {
  private let mailbox: CurlMailbox
  private var pending: [PendingExchange] = []
  private var timers: [(due: ContinuousClock.Instant, work: @Sendable () -> Void)] = []
  private var running: [ExchangeID: CurlExchange] = [:]
  private var isStopping = false

  init(_ mailbox: CurlMailbox) { self.mailbox = mailbox }

  mutating func run() {
    while !isStopping {
      for command in mailbox.takeAll() { obey(command) }
      runDue()
      startDue()
      var count: Int32 = 0
      cs_curl_multi_perform(mailbox.multi, &count)
      for exchange in running.values { exchange.noteSent() }
      endFinished()
      endOverdue()
      guard !isStopping else { break }
      cs_curl_multi_poll(mailbox.multi, millisecondsToWait())
    }
    for waiting in pending { waiting.deliver(.ended(.cancelled)) }
    for identifier in Array(running.keys) { end(identifier, .cancelled) }
  }

  private mutating func obey(_ command: CurlCommand) {
    switch command {
    case .start(let exchange): pending.append(exchange)
    case .run(let due, let work): timers.append((due, work))
    case .stop: isStopping = true
    case .cancel(let identifier):
      if let index = pending.firstIndex(where: { $0.identifier == identifier }) {
        pending.remove(at: index).deliver(.ended(.cancelled))
      } else {
        end(identifier, .cancelled)
      }
    }
  }

  private mutating func runDue() {
    guard !timers.isEmpty else { return }
    let now = ContinuousClock.now
    // Equal times keep the order in which they were asked for.
    let due = timers.filter { $0.due <= now }.enumerated()
      .sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
    timers.removeAll { $0.due <= now }
    for timer in due { timer.element.work() }
  }

  private mutating func startDue() {
    guard !pending.isEmpty else { return }
    let now = ContinuousClock.now
    let due = pending.filter { $0.due <= now }
    pending.removeAll { $0.due <= now }
    for waiting in due {
      do throws(CurlOptionError) {
        let exchange = try CurlExchange(waiting.request, startedAt: now, waiting.deliver)
        let status = cs_curl_multi_add_handle(mailbox.multi, exchange.handle)
        guard status == CURLM_OK else {
          throw CurlOptionError(String(cString: cs_curl_multi_strerror(status)))
        }
        running[waiting.identifier] = exchange
      } catch {
        waiting.deliver(.ended(.failed(.transport(error.sentence))))
      }
    }
  }

  private mutating func endFinished() {
    var left: Int32 = 0
    while let message = cs_curl_multi_info_read(mailbox.multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let handle = message.pointee.easy_handle
      let code = message.pointee.data.result
      guard let identifier = running.first(where: { $0.value.handle == handle })?.key else {
        continue
      }
      end(identifier, running[identifier]?.end(code: code) ?? .whole)
    }
  }

  private mutating func endOverdue() {
    let now = ContinuousClock.now
    for (identifier, exchange) in running {
      if let reason = exchange.overdue(at: now) { end(identifier, .failed(reason)) }
    }
  }

  /// Closes the connection first, so that whoever hears of the end can rely on it.
  private mutating func end(_ identifier: ExchangeID, _ end: TransportEnd) {
    guard let exchange = running.removeValue(forKey: identifier) else { return }
    cs_curl_multi_remove_handle(mailbox.multi, exchange.handle)
    exchange.close()
    exchange.deliver(.ended(end))
  }

  private func millisecondsToWait() -> Int32 {
    let deadlines = pending.map(\.due) + timers.map(\.due) + running.values.compactMap(\.deadline)
    guard let first = deadlines.min() else { return 60_000 }
    let wait = ContinuousClock.now.duration(to: first)
    // Rounded up, lest the loop spins in the last millisecond.
    let milliseconds = wait / Duration.milliseconds(1)
    return Int32(max(0, min(60_000, milliseconds.rounded(.up))))
  }
}
