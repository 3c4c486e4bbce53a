// The transport to real servers: libcurl's multi interface on one thread of its own.

import CCurl
import Synchronization

/// Carries exchanges over libcurl. Its thread starts with it and ends when it is let go.
package final class CurlTransport: Transport {
  private let mailbox = CurlMailbox()
  private let nextNumber = Atomic<UInt64>(1)

  package init() {
    runOnOwnThread { [mailbox] in
      var loop = CurlLoop(mailbox)
      loop.run()
    }
  }

  deinit {
    mailbox.post(.stop)
  }

  package func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID {
    let number = nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
    let identifier = ExchangeID(number: number)
    let due = ContinuousClock.now + .milliseconds(delayMilliseconds)
    mailbox.post(
      .start(PendingExchange(identifier: identifier, request: request, due: due, deliver: deliver)))
    return identifier
  }

  package func cancel(_ exchange: ExchangeID) {
    mailbox.post(.cancel(exchange))
  }

  package func perform(
    afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void
  ) {
    mailbox.post(.run(ContinuousClock.now + .milliseconds(delay), work))
  }
}

/// An exchange whose time has not come.
struct PendingExchange: Sendable {
  let identifier: ExchangeID
  let request: HTTPRequest
  let due: ContinuousClock.Instant
  let deliver: @Sendable (TransportEvent) -> Void
}

/// What other threads ask of the loop.
enum CurlCommand: Sendable {
  case start(PendingExchange)
  case cancel(ExchangeID)
  case run(ContinuousClock.Instant, @Sendable () -> Void)
  case stop
}

/// Commands on their way to the loop, and the handle that wakes it.
///
/// Unchecked: other threads only call `curl_multi_wakeup`, which libcurl allows from any thread; the
/// handle is freed when neither the loop nor the transport holds the mailbox any more.
final class CurlMailbox: @unchecked Sendable {
  /// libcurl's global state, made once; it is safe from any thread as of curl 7.84.
  private static let isReady: Bool = cs_curl_global_init() == CURLE_OK

  let multi: UnsafeMutableRawPointer
  private let commands = Mutex<[CurlCommand]>([])

  init() {
    precondition(
      Self.isReady, "libcurl.so.4, 7.84 or later, cannot be loaded; Debian's package is libcurl4")
    guard let handle = cs_curl_multi_init() else { preconditionFailure("no memory for libcurl") }
    multi = handle
  }

  deinit {
    cs_curl_multi_cleanup(multi)
  }

  func post(_ command: CurlCommand) {
    commands.withLock { $0.append(command) }
    cs_curl_multi_wakeup(multi)
  }

  func takeAll() -> [CurlCommand] {
    commands.withLock { commands in
      defer { commands = [] }
      return commands
    }
  }
}
