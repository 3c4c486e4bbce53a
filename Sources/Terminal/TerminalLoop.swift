// What the main loop waits for, and the keys it gets.

package import CellGrid
import Glibc

/// Why a wait ended.
package struct Wakeup: Hashable, Sendable {
  /// There are bytes to read, or held back ones are due: call `readKeys`.
  package var hasInput = false
  /// Somebody used the waker: drain the mailbox and the executor.
  package var hasMail = false
  package var signals: [TerminalSignal] = []
  /// The terminal is gone: nothing will ever arrive again.
  package var isHungUp = false
}

/// Waits for the terminal, the waker and signals, and decodes keys. Of one thread, the screen's.
package final class TerminalLoop {
  private let screen: Screen
  private let waker: Waker
  private let escapeDelay: Int
  private var decoder: KeyDecoder
  /// When bytes held back are due, in milliseconds of the monotonic clock.
  private var deadline: Int?
  private var isHungUp = false

  /// - Parameter escapeDelayMilliseconds: how long an Escape waits for the rest of a sequence.
  package init(screen: Screen, waker: Waker, escapeDelayMilliseconds: Int = 50) {
    self.screen = screen
    self.waker = waker
    escapeDelay = max(0, escapeDelayMilliseconds)
    decoder = KeyDecoder(sequences: screen.keySequences)
  }

  /// Waits until something happens, or until the time is over; nil waits for ever.
  package func wait(timeoutMilliseconds: Int? = nil) -> Wakeup {
    var descriptors = [
      pollfd(fd: isHungUp ? -1 : screen.input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: screen.signalDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    var timeout = timeoutMilliseconds
    if let deadline {
      let left = max(0, deadline - monotonicMilliseconds())
      timeout = min(timeout ?? left, left)
    }
    // A signal that interrupts the poll is in the pipe already: an ordinary end of the wait.
    poll(&descriptors, nfds_t(descriptors.count), CInt(clamping: timeout ?? -1))
    var wakeup = Wakeup()
    let lost = Int16(POLLHUP | POLLERR | POLLNVAL)
    if descriptors[0].revents & lost != 0 { isHungUp = true }
    wakeup.isHungUp = isHungUp
    wakeup.hasInput = descriptors[0].revents & Int16(POLLIN) != 0 || isDue
    if descriptors[1].revents != 0 {
      waker.clear()
      wakeup.hasMail = true
    }
    if descriptors[2].revents != 0 { wakeup.signals = screen.takeSignals() }
    return wakeup
  }

  /// Reads what has arrived and returns the keys it makes up.
  package func readKeys() -> [Key] {
    var keys: [Key] = []
    var hasRead = false
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !isHungUp {
      let count = buffer.withUnsafeMutableBytes { bytes in
        uninterrupted { read(screen.input, bytes.baseAddress, bytes.count) }
      }
      if count > 0 {
        hasRead = true
        keys += decoder.decode(buffer[..<count])
        if count < buffer.count { break }
      } else {
        if count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) { isHungUp = true }
        break
      }
    }
    if !hasRead, isDue { keys += decoder.flush() }
    if !decoder.isWaiting {
      deadline = nil
    } else if hasRead {
      deadline = monotonicMilliseconds() + escapeDelay
    }
    return keys
  }

  private var isDue: Bool {
    deadline.map { monotonicMilliseconds() >= $0 } ?? false
  }
}
