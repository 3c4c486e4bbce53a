// Threads of our own: libgit2's executor, and one thread for every child that is waited for.

import CLibgit2
import Glibc

/// Starts a detached thread that runs `body` with all signals blocked; returns the error number, or 0.
///
/// A blocked SIGPIPE turns a write to a child that went away into EPIPE.
func startThread(_ body: @escaping @Sendable () -> Void) -> Int32 {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { argument in
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, box.toOpaque())
  if code != 0 { box.release() }
  return code
}

/// Runs the jobs of one actor, one after the other, on a thread of its own, so that blocking calls stay off the cooperative pool.
///
/// `@unchecked Sendable`: the queue is only touched under its mutex.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  private let queue = JobQueue()

  /// - Throws: `.system` when no thread can be started.
  init() throws(GitError) {
    let queue = queue
    let code = startThread { queue.runUntilClosed() }
    guard code == 0 else {
      throw .system(attempt: "start a thread for the repository", path: "", code: code)
    }
  }

  deinit { queue.close() }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.append(UnownedJob(job), on: self)
  }
}

/// `@unchecked Sendable`: the list is only touched under the mutex.
private final class JobQueue: @unchecked Sendable {
  /// A job with its executor, which must outlive it.
  private struct Entry {
    let job: UnownedJob
    let executor: ThreadExecutor
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var entries: [Entry] = []
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func append(_ job: UnownedJob, on executor: ThreadExecutor) {
    pthread_mutex_lock(mutex)
    entries.append(Entry(job: job, executor: executor))
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_signal(changed)
    pthread_mutex_unlock(mutex)
  }

  func runUntilClosed() {
    while let entry = next() {
      entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
    }
  }

  private func next() -> Entry? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while entries.isEmpty, !isClosed { pthread_cond_wait(changed, mutex) }
    return entries.isEmpty ? nil : entries.removeFirst()
  }
}
