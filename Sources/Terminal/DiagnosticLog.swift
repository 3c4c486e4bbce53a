// Standard error while the screen is up: what is printed there would damage the screen, so it goes
// to a log whose tail is printed after the screen is gone.

import CNcurses
import CellGrid
import Glibc

/// A log that takes the place of standard error.
struct DiagnosticLog {
  private let log: CInt
  /// Where standard error went before.
  let standardError: CInt
  private let start: off_t

  private static let longestTail = 4096
  /// `MFD_CLOEXEC`, which Swift does not see.
  private static let closeOnExec: UInt32 = 1

  /// Redirects standard error to the end of a file, or into memory without one.
  init(path: String?) throws(TerminalError) {
    if let path {
      log = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    } else {
      log = memfd_create("countersign-log", Self.closeOnExec)
    }
    guard log >= 0 else {
      throw .system(
        call: "open", subject: path ?? "a log in memory", reason: lastSystemError())
    }
    standardError = fcntl(2, F_DUPFD_CLOEXEC, 3)
    start = lseek(log, 0, SEEK_END)
    redirect()
  }

  /// Sends standard error to the log.
  func redirect() { _ = uninterrupted { dup2(log, 2) } }

  /// Sends standard error where it went before.
  func release() {
    if standardError >= 0 { _ = uninterrupted { dup2(standardError, 2) } }
  }

  /// Puts standard error back and prints there what was logged last, line by line as safe text.
  func end() {
    release()
    let tail = tail()
    if !tail.isEmpty { writeAll(tail, to: 2) }
    Glibc.close(log)
    if standardError >= 0 { Glibc.close(standardError) }
  }

  private func tail() -> [UInt8] {
    let end = lseek(log, 0, SEEK_END)
    let count = min(Self.longestTail, Int(end - start))
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = bytes.withUnsafeMutableBytes { buffer in
      uninterrupted { pread(log, buffer.baseAddress, count, end - off_t(count)) }
    }
    var shown: [UInt8] = []
    for line in bytes.prefix(max(0, read)).split(separator: 0x0A) {
      for run in SafeText(line, options: SafeText.Options(blankMarks: .none)).glyphs() {
        shown.append(contentsOf: run.text.utf8)
      }
      shown.append(0x0A)
    }
    return shown
  }
}
