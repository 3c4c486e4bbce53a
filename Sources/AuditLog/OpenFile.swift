// A descriptor that closes itself, with the few whole operations the ledger needs.

import Glibc

/// An open file or directory. Closed when the value goes away.
package struct OpenFile: ~Copyable, Sendable {
  package let path: [UInt8]
  private let descriptor: Int32
  private let calls: FileSystemCalls

  package init(
    _ attempt: String, _ path: [UInt8], flags: Int32, mode: UInt32 = 0, calls: FileSystemCalls
  ) throws(FileError) {
    self.path = path
    self.calls = calls
    descriptor = try calls.attempt(attempt, path) { () throws(SystemCallFailure) in
      try calls.open(path, flags | O_CLOEXEC, mode)
    }
  }

  deinit {
    // Everything that matters was synced before; a failing close has nothing left to lose.
    do { try calls.close(descriptor) } catch {}
  }

  package func status() throws(FileError) -> FileStatus {
    try calls.attempt("examine", path) { () throws(SystemCallFailure) in
      try calls.fstat(descriptor)
    }
  }

  /// Reads from the current position to the end.
  package func readToEnd() throws(FileError) -> [UInt8] {
    var content: [UInt8] = []
    while true {
      let piece = try calls.attempt("read", path) { () throws(SystemCallFailure) in
        try calls.read(descriptor, 1 << 16)
      }
      guard !piece.isEmpty else { return content }
      content += piece
    }
  }

  /// Writes all of `bytes`, in as many calls as it takes. On failure a part may have been written.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try calls.attempt("write to", path) { () throws(SystemCallFailure) in
        try calls.write(descriptor, rest)
      }
      guard count > 0 else {
        throw FileError("write to", path, .system(SystemCallFailure(code: EIO)))
      }
      rest = rest.dropFirst(count)
    }
  }

  package func truncate(to byteCount: Int) throws(FileError) {
    try calls.attempt("shorten", path) { () throws(SystemCallFailure) in
      try calls.ftruncate(descriptor, byteCount)
    }
  }

  /// Waits until content and length are on the disk.
  package func syncContent() throws(FileError) {
    try calls.attempt("save", path) { () throws(SystemCallFailure) in
      try calls.fdatasync(descriptor)
    }
  }

  /// Waits until everything is on the disk; for a directory, the names in it.
  package func sync() throws(FileError) {
    try calls.attempt("save", path) { () throws(SystemCallFailure) in
      try calls.fsync(descriptor)
    }
  }

  /// Sets the permissions when they differ.
  package func restrict(to mode: UInt32, from status: FileStatus) throws(FileError) {
    guard status.permissions != mode else { return }
    try calls.attempt("restrict the permissions of", path) { () throws(SystemCallFailure) in
      try calls.fchmod(descriptor, mode)
    }
  }

  /// Returns false when someone else holds the lock.
  package func lockExclusively() throws(FileError) -> Bool {
    do throws(FileError) {
      try calls.attempt("lock", path) { () throws(SystemCallFailure) in
        try calls.lockExclusively(descriptor)
      }
      return true
    } catch {
      guard error.reason == .system(SystemCallFailure(code: EAGAIN)) else { throw error }
      return false
    }
  }
}
