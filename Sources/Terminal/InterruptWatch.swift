// The interrupt key for a command without a screen: noted once, so that what runs can end in order.

import Glibc
import Synchronization

/// Watches for SIGINT while it exists; the first is noted, the next ends the program as always.
///
/// Where the signal is ignored, as for a command that a script put in the background, it stays so.
package final class InterruptWatch: Sendable {
  /// Where the handler writes to; the one loop that watches.
  private static let descriptor = Atomic<CInt>(-1)
  private static let isNoted = Atomic<Bool>(false)
  private let isWatching: Bool

  /// - Parameter waker: is signalled when the key was pressed.
  package init(_ waker: Waker) {
    Self.isNoted.store(false, ordering: .relaxed)
    Self.descriptor.store(waker.descriptor, ordering: .relaxed)
    let before = signal(SIGINT) { _ in
      let code = errno
      signal(SIGINT, SIG_DFL)
      InterruptWatch.isNoted.store(true, ordering: .relaxed)
      var one: UInt64 = 1
      // The one possible failure is a counter that is full, and then the loop is awake already.
      _ = write(InterruptWatch.descriptor.load(ordering: .relaxed), &one, 8)
      errno = code
    }
    // Function pointers are compared by their bits; that of "ignored" is 1.
    isWatching = unsafeBitCast(before, to: UInt.self) != 1
    if !isWatching { signal(SIGINT, SIG_IGN) }
  }

  deinit {
    if isWatching { signal(SIGINT, SIG_DFL) }
    Self.descriptor.store(-1, ordering: .relaxed)
  }

  /// Whether the key was pressed since this was asked last.
  package func takeNoted() -> Bool { Self.isNoted.exchange(false, ordering: .relaxed) }
}
