// Keeps Swift's crash reporter from taking over the terminal.

import Glibc

/// The Swift runtime reads SWIFT_BACKTRACE once, at process start, and its default on a terminal is to go interactive: it would hold the
/// terminal in raw mode for half a minute. Where that can happen (a toolchain is there), the program starts itself again with the
/// variable set. Installed builds are linked statically and have no reporter, so they do not pay for it.
enum BacktraceSettings {
  static func apply() {
    #if DEBUG
      guard getenv("SWIFT_BACKTRACE") == nil else { return }
      setenv("SWIFT_BACKTRACE", "enable=no", 1)
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Starting again failed: go on, the reporter is only a nuisance.
    #endif
  }
}
