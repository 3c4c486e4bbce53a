// Waking the loop from any thread.

import CNcurses
import Glibc

/// A descriptor that becomes readable when another thread has something for the loop.
package final class Waker: Sendable {
  /// Readable from `signal()` until `clear()`.
  package let descriptor: CInt

  package init() {
    descriptor = eventfd(0, CInt(O_CLOEXEC | O_NONBLOCK))
    precondition(descriptor >= 0, "eventfd: \(lastSystemError())")
  }

  deinit { close(descriptor) }

  /// Makes the descriptor readable. Any thread.
  package func signal() {
    // The one possible failure is a counter that is full, and then the loop is awake already.
    writeAll([1, 0, 0, 0, 0, 0, 0, 0], to: descriptor)
  }

  /// Makes the descriptor unreadable until the next `signal()`. Clear first, then look at what came.
  package func clear() {
    var count: UInt64 = 0
    _ = uninterrupted { read(descriptor, &count, 8) }
  }
}
