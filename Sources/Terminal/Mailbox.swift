// Events from any thread to the loop.

import Synchronization

/// Events posted by any thread, taken all at once by the loop. Order is kept per sender.
package final class Mailbox<Event: Sendable>: Sendable {
  private let events = Mutex<[Event]>([])
  private let waker: Waker

  package init(waker: Waker) { self.waker = waker }

  /// Adds an event and wakes the loop.
  package func post(_ event: Event) {
    let isFirst = events.withLock { events in
      events.append(event)
      return events.count == 1
    }
    if isFirst { waker.signal() }
  }

  /// Takes every event posted so far.
  ///
  /// Call it after each wake-up: only the first event after a drain wakes the loop.
  package func drain() -> [Event] {
    events.withLock { events in
      let all = events
      events = []
      return all
    }
  }
}
