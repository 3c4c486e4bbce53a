// Asynchronous work awaited by a thread that may block: a command's main thread before the screen is up.

import Glibc
import Synchronization
import Terminal

private final class Outcome<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}

/// Runs `body` to its end while the calling thread waits.
///
/// Only for a thread outside the cooperative pool, such as the main thread of a command.
package func waiting<Value: Sendable>(
  _ body: @escaping @Sendable () async throws -> Value
) throws -> Value {
  let outcome = Outcome<Value>()
  let waker = Waker()
  Task.detached {
    let result: Result<Value, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    outcome.result.withLock { $0 = result }
    waker.signal()
  }
  while true {
    if let result = outcome.result.withLock({ $0 }) { return try result.get() }
    waker.wait()
    waker.clear()
  }
}

extension Waker {
  /// Blocks until somebody signals.
  func wait() {
    var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    _ = poll(&descriptors, 1, -1)
  }
}
