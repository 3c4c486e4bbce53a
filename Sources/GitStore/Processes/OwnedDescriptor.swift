// File descriptors that close themselves, and the text of error numbers.

import CLibgit2
import Glibc

/// A descriptor, closed when the last reference goes.
final class OwnedDescriptor: Sendable {
  let raw: Int32

  init(_ raw: Int32) {
    precondition(raw >= 0, "an owned descriptor that is none")
    self.raw = raw
  }

  deinit { close(raw) }

  /// Both ends are closed on exec.
  static func pipe() throws(ChildProcessError) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0 else {
      throw .system(attempt: "make a pipe", code: errno)
    }
    return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
  }

  func makeNonBlocking() {
    let flags = fcntl(raw, F_GETFL)
    if flags >= 0 { _ = fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
  }

  func writeByte() {
    var byte: UInt8 = 1
    _ = write(raw, &byte, 1)
  }
}

/// What the system says of error number `code`.
func systemMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
