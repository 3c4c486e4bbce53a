// System calls that are retried when a signal interrupts them, and their errors in words.

import Glibc

/// What the system says about the last error of this thread.
func lastSystemError() -> String {
  String(cString: strerror(errno))
}

/// Repeats a call for as long as a signal interrupts it.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// Writes all of `bytes` to a descriptor; false when it takes no more.
@discardableResult
func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: CInt) -> Bool {
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { buffer in
      uninterrupted { write(descriptor, buffer.baseAddress, buffer.count) }
    }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}

/// Milliseconds of the monotonic clock.
func monotonicMilliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}
