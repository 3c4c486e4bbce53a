// What ncurses writes for one frame, taken in memory first: it writes piece by piece, and the terminal should see a frame at once.

import CNcurses
import Glibc

/// A descriptor for ncurses alone that leads to the terminal or, while a frame is collected, into memory.
final class OutputCollector {
  /// What ncurses is given.
  let descriptor: CInt
  private let terminal: CInt
  private let memory: CInt

  /// Returns nil when the system has no descriptor left.
  init?(terminal: CInt) {
    self.terminal = terminal
    descriptor = fcntl(terminal, F_DUPFD_CLOEXEC, 3)
    // 1 is MFD_CLOEXEC.
    memory = memfd_create("countersign-frame", 1)
    guard descriptor >= 0, memory >= 0 else {
      if descriptor >= 0 { Glibc.close(descriptor) }
      if memory >= 0 { Glibc.close(memory) }
      return nil
    }
  }

  /// Closes what ncurses' stream does not close.
  func close() { Glibc.close(memory) }

  /// Runs `body` and returns what ncurses wrote meanwhile; nil when that could not be collected, and then it went to the terminal.
  func collect(_ body: () -> Void) -> [UInt8]? {
    guard dup3(memory, descriptor, O_CLOEXEC) >= 0 else {
      body()
      return nil
    }
    body()
    _ = dup3(terminal, descriptor, O_CLOEXEC)
    let count = lseek(memory, 0, SEEK_CUR)
    var bytes = [UInt8](repeating: 0, count: max(0, Int(count)))
    var offset = 0
    while offset < bytes.count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(
          memory, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, off_t(offset))
      }
      guard read > 0 else { break }
      offset += read
    }
    _ = lseek(memory, 0, SEEK_SET)
    return Array(bytes.prefix(offset))
  }
}
