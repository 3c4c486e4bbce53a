// Threads of our own, since blocking calls must not sit on Swift's cooperative pool.

import Glibc

/// Runs `body` on a new detached thread that no signal interrupts.
///
/// Signals from outside are blocked in it: the terminal's thread is the one to hear them. Those of a
/// crash are not, so that the handler that restores the terminal runs.
func runOnOwnThread(_ body: @escaping @Sendable () -> Void) {
  final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var all = sigset_t()
  var before = sigset_t()
  sigfillset(&all)
  for crash in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&all, crash) }
  pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    { argument in
      Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
      return nil
    }, Unmanaged.passRetained(Body(body)).toOpaque())
  precondition(status == 0, "the system gives no more threads")
}

/// Runs a blocking `work` off the cooperative pool and returns what it returns.
func withoutBlocking<Value: Sendable>(
  _ work: @escaping @Sendable () -> Value
) async -> Value {
  await withCheckedContinuation { continuation in
    runOnOwnThread { continuation.resume(returning: work()) }
  }
}
