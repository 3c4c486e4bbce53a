// System calls of which the n-th fails.

import AuditLog
import Glibc
import Synchronization

/// Real system calls that are counted, and fail where the test says so.
final class FaultyDisk: Sendable {
  enum Fault: CaseIterable, Sendable {
    /// One call fails, the next ones work.
    case once
    /// A signal interrupts one call; nothing may come of it.
    case interruption
    /// From one call on nothing works any more, as after a kill.
    case forever
    /// As `once`, but a write leaves half of its bytes behind.
    case tornWrite
    /// As `forever`, but the first failing write leaves half of its bytes behind.
    case tornWriteForever
  }

  private let fault: Fault
  private let faultyCall: Int
  private let code: Int32
  private let count = Mutex(0)

  /// - Parameter faultyCall: the 1-based number of the call that fails; 0 for none.
  init(_ fault: Fault = .once, at faultyCall: Int = 0, code: Int32 = ENOSPC) {
    self.fault = fault
    self.faultyCall = faultyCall
    self.code = fault == .interruption ? EINTR : code
  }

  var callCount: Int { count.withLock { $0 } }

  var calls: FileSystemCalls {
    let real = FileSystemCalls.system
    var calls = real
    calls.open = { (path, flags, mode) throws(SystemCallFailure) in
      try self.step()
      return try real.open(path, flags, mode)
    }
    calls.close = { (descriptor) throws(SystemCallFailure) in
      try real.close(descriptor)  // Linux gives the descriptor free even when close fails.
      try self.step()
    }
    calls.read = { (descriptor, limit) throws(SystemCallFailure) in
      try self.step()
      return try real.read(descriptor, min(limit, 100))
    }
    calls.write = { (descriptor, bytes) throws(SystemCallFailure) in
      do throws(SystemCallFailure) {
        try self.step()
      } catch {
        if self.tearsThisWrite { _ = try real.write(descriptor, bytes.prefix(bytes.count / 2)) }
        throw error
      }
      return try real.write(descriptor, bytes.prefix(60))
    }
    calls.fsync = { (descriptor) throws(SystemCallFailure) in try self.step() }
    calls.fdatasync = { (descriptor) throws(SystemCallFailure) in try self.step() }
    calls.ftruncate = { (descriptor, length) throws(SystemCallFailure) in
      try self.step()
      try real.ftruncate(descriptor, length)
    }
    calls.fchmod = { (descriptor, mode) throws(SystemCallFailure) in
      try self.step()
      try real.fchmod(descriptor, mode)
    }
    calls.fstat = { (descriptor) throws(SystemCallFailure) in
      try self.step()
      return try real.fstat(descriptor)
    }
    calls.lstat = { (path) throws(SystemCallFailure) in
      try self.step()
      return try real.lstat(path)
    }
    calls.mkdir = { (path, mode) throws(SystemCallFailure) in
      try self.step()
      try real.mkdir(path, mode)
    }
    calls.unlink = { (path) throws(SystemCallFailure) in
      try self.step()
      try real.unlink(path)
    }
    calls.lockExclusively = { (descriptor) throws(SystemCallFailure) in
      try self.step()
      try real.lockExclusively(descriptor)
    }
    return calls
  }

  private func step() throws(SystemCallFailure) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let fails =
      switch fault {
      case .once, .interruption, .tornWrite: number == faultyCall
      case .forever, .tornWriteForever: faultyCall > 0 && number >= faultyCall
      }
    if fails { throw SystemCallFailure(code: code) }
  }

  private var tearsThisWrite: Bool {
    (fault == .tornWrite || fault == .tornWriteForever) && callCount == faultyCall
  }
}
