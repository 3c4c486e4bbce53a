// The system calls that the ledger makes, as values, so that a test can let the n-th one fail.

import Glibc

/// The operating system's answer to a call that failed.
package struct SystemCallFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The value of `errno`.
  package let code: Int32

  package init(code: Int32) {
    self.code = code
  }

  package var description: String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// What the ledger needs to know about a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case regular, directory, symlink, other }
  package var kind: Kind
  /// The twelve permission bits.
  package var permissions: UInt32
  package var owner: UInt32
  package var byteCount: Int
  package var linkCount: Int
  /// Device and inode: the same pair is the same file.
  package var device: UInt64
  package var inode: UInt64
}

/// The system calls by which records reach the disk. Paths are bytes without a final NUL.
///
/// Each closure stands for one call and does not retry: a caller must expect EINTR and short
/// counts.
package struct FileSystemCalls: Sendable {
  package typealias Failure = SystemCallFailure

  package var open:
    @Sendable (_ path: [UInt8], _ flags: Int32, _ mode: UInt32) throws(Failure) -> Int32
  package var close: @Sendable (_ descriptor: Int32) throws(Failure) -> Void
  /// Reads up to `limit` bytes at the descriptor's position; none at the end of the file.
  package var read: @Sendable (_ descriptor: Int32, _ limit: Int) throws(Failure) -> [UInt8]
  /// Returns how many of the bytes were written, at least one.
  package var write:
    @Sendable (_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) throws(Failure) -> Int
  package var fsync: @Sendable (_ descriptor: Int32) throws(Failure) -> Void
  package var fdatasync: @Sendable (_ descriptor: Int32) throws(Failure) -> Void
  package var ftruncate: @Sendable (_ descriptor: Int32, _ length: Int) throws(Failure) -> Void
  package var fchmod: @Sendable (_ descriptor: Int32, _ mode: UInt32) throws(Failure) -> Void
  package var fstat: @Sendable (_ descriptor: Int32) throws(Failure) -> FileStatus
  /// Does not follow a symlink.
  package var lstat: @Sendable (_ path: [UInt8]) throws(Failure) -> FileStatus
  package var mkdir: @Sendable (_ path: [UInt8], _ mode: UInt32) throws(Failure) -> Void
  package var unlink: @Sendable (_ path: [UInt8]) throws(Failure) -> Void
  /// Takes an exclusive lock for the open file without waiting; EAGAIN when someone else has it.
  package var lockExclusively: @Sendable (_ descriptor: Int32) throws(Failure) -> Void
}
