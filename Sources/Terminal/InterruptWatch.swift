// The interrupt key for a command without a screen: noted once, so that what runs can end in order.

import Glibc
import Synchronization

/// Watches for SIGINT while it exists; the first is noted, the next ends the program as always.
package final class InterruptWatch: Sendable {
  /// Where the handler writes to; the one loop that watches.
  private static let descriptor = Atomic<CInt>(-1)
  private static let isNoted = Atomic<Bool>(false)

  /// - Parameter waker: is signalled when the key was pressed.
  package init(_ waker: Waker) {
    Self.isNoted.store(false, ordering: .relaxed)
    Self.descriptor.store(waker.descriptor, ordering: .relaxed)
    signal(SIGINT) { _ in
      signal(SIGINT, SIG_DFL)
      InterruptWatch.isNoted.store(true, ordering: .relaxed)
      var one: UInt64 = 1
      // The one possible failure is a counter that is full, and then the loop is awake already.
      _ = write(InterruptWatch.descriptor.load(ordering: .relaxed), &one, 8)
    }
  }

  deinit {
    signal(SIGINT, SIG_DFL)
    Self.descriptor.store(-1, ordering: .relaxed)
  }

  /// Whether the key was pressed since this was asked last.
  package func takeNoted() -> Bool { Self.isNoted.exchange(false, ordering: .relaxed) }
}
