// The thread that owns the terminal as an executor, and the global actor that runs on it.

import Glibc
import Synchronization

/// Runs the jobs of `TerminalActor` on the thread that owns the terminal, between two waits of its
/// loop.
package final class TerminalExecutor: SerialExecutor {
  /// Becomes readable when there are jobs: part of what the loop waits for.
  package let waker = Waker()
  private let jobs = Mutex<[UnownedJob]>([])
  private let owner = Mutex<pthread_t?>(nil)

  package init() {}

  /// Makes the calling thread the one that owns the terminal. Once, before the first `drain`.
  package func bindToCurrentThread() {
    let thread = pthread_self()
    owner.withLock { $0 = thread }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = jobs.withLock { jobs in
      jobs.append(job)
      return jobs.count == 1
    }
    if isFirst { waker.signal() }
  }

  /// Runs all jobs, those they add included.
  package func drain() {
    while true {
      let batch = jobs.withLock { jobs in
        let all = jobs
        jobs.removeAll(keepingCapacity: true)
        return all
      }
      if batch.isEmpty { return }
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  package func checkIsolated() {
    precondition(isOwner, "called off the thread that owns the terminal")
  }

  private var isOwner: Bool {
    let current = pthread_self()
    return owner.withLock { $0.map { pthread_equal($0, current) != 0 } ?? false }
  }
}

/// The isolation of everything that belongs to the terminal's thread.
@globalActor
package actor TerminalActor {
  /// The executor; the main thread drains it.
  package static let executor = TerminalExecutor()
  package static let shared = TerminalActor()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    Self.executor.asUnownedSerialExecutor()
  }
}
