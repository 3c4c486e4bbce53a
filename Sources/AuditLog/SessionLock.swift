// One writer per session: an advisory lock that dies with its process.

import Glibc

/// The exclusive lock of a session directory, held for as long as the value lives.
///
/// The lock is an open file description lock (`fcntl(2)`, Linux) on the file `lock`: it excludes
/// other processes and other openings in this one, and the kernel drops it when the process ends in
/// whatever way, so nothing stale can block the next start. The file's content only names the owner
/// for the error that another process shows; it is never a reason to refuse. The file is not
/// removed.
package struct SessionLock: ~Copyable, Sendable {
  package static let fileName = "lock"

  /// Who held the lock before and ended without giving it back, so was killed or crashed.
  package let deadOwner: LockOwner?

  private let file: OpenFile

  /// How often a taken lock is tried again, every `retryMilliseconds`.
  ///
  /// A program that a thread of the last owner was just starting shares its descriptors until it has begun, and with them the lock.
  private static let retryCount = 30
  private static let retryMilliseconds: Int32 = 10

  /// Takes the lock, waiting 0.3 s at most. `directory` must exist.
  ///
  /// - Throws: `LedgerError.inUse` with the owner when another writer holds it.
  package init(
    directory: [UInt8], owner: LockOwner = .current(), calls: FileSystemCalls = .system
  ) throws(LedgerError) {
    let path = directory + Array("/\(SessionLock.fileName)".utf8)
    let file = try LedgerError.naming { () throws(FileError) in
      try OpenFile(
        "open the lock", path, flags: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600,
        calls: calls)
    }
    let (isOurs, content) = try LedgerError.naming { () throws(FileError) in
      var isOurs = try file.lockExclusively()
      var tries = 0
      while !isOurs, tries < SessionLock.retryCount {
        _ = poll(nil, 0, SessionLock.retryMilliseconds)
        isOurs = try file.lockExclusively()
        tries += 1
      }
      return (isOurs, try file.readToEnd())
    }
    guard isOurs else { throw .inUse(directory: directory, owner: LockOwner(reading: content)) }
    try LedgerError.naming { () throws(FileError) in
      try SessionLock.checkName(of: file, calls: calls)
      try file.truncate(to: 0)
      try file.write(SessionLock.content(naming: owner))
    }
    deadOwner = LockOwner(reading: content)
    self.file = file
  }

  deinit {
    // A name that stays behind is only a wrong guess in `deadOwner`; the lock itself is gone.
    do { try file.truncate(to: 0) } catch {}
  }

  private static func content(naming owner: LockOwner) -> [UInt8] {
    // Canonical JSON refuses deep nesting and huge numbers only; an owner has neither.
    let line = (try? CanonicalJSON.bytes(of: owner.value)) ?? []
    return line + [UInt8(ascii: "\n")]
  }

  /// Checks that the locked file still is the one that the name leads to.
  private static func checkName(of file: borrowing OpenFile, calls: FileSystemCalls)
    throws(FileError)
  {
    let path = file.path
    let locked = try file.status()
    let named = try calls.attempt("examine", path) { () throws(SystemCallFailure) in
      try calls.lstat(path)
    }
    guard (locked.device, locked.inode) == (named.device, named.inode) else {
      throw FileError("lock", path, .replaced)
    }
  }
}
