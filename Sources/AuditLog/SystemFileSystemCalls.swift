// The real system calls behind `FileSystemCalls`.

import Glibc

extension FileSystemCalls {
  /// The calls of the operating system.
  package static let system = FileSystemCalls(
    open: { (path, flags, mode) throws(Failure) in
      try withCPath(path) { Glibc.open($0, flags, mode_t(mode)) }
    },
    close: { (descriptor) throws(Failure) in try check(Glibc.close(descriptor)) },
    read: { (descriptor, limit) throws(Failure) in
      var code: Int32?
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initializedCount in
        let count = Glibc.read(descriptor, buffer.baseAddress, limit)
        code = count < 0 ? errno : nil
        initializedCount = max(0, count)
      }
      if let code { throw SystemCallFailure(code: code) }
      return bytes
    },
    write: { (descriptor, bytes) throws(Failure) in
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw SystemCallFailure(code: errno) }
      return count
    },
    fsync: { (descriptor) throws(Failure) in try check(Glibc.fsync(descriptor)) },
    fdatasync: { (descriptor) throws(Failure) in try check(Glibc.fdatasync(descriptor)) },
    ftruncate: { (descriptor, length) throws(Failure) in
      try check(Glibc.ftruncate(descriptor, off_t(length)))
    },
    fchmod: { (descriptor, mode) throws(Failure) in
      try check(Glibc.fchmod(descriptor, mode_t(mode)))
    },
    fstat: { (descriptor) throws(Failure) in
      var status = stat()
      try check(Glibc.fstat(descriptor, &status))
      return FileStatus(status)
    },
    lstat: { (path) throws(Failure) in
      var status = stat()
      _ = try withCPath(path) { Glibc.lstat($0, &status) }
      return FileStatus(status)
    },
    mkdir: { (path, mode) throws(Failure) in
      _ = try withCPath(path) { Glibc.mkdir($0, mode_t(mode)) }
    },
    unlink: { (path) throws(Failure) in
      _ = try withCPath(path) { Glibc.unlink($0) }
    },
    lockExclusively: { (descriptor) throws(Failure) in
      var wholeFile = flock()
      wholeFile.l_type = Int16(F_WRLCK)
      wholeFile.l_whence = Int16(SEEK_SET)
      let result = withUnsafeMutablePointer(to: &wholeFile) {
        Glibc.fcntl(descriptor, setOpenFileLock, UnsafeMutableRawPointer($0))
      }
      try check(result)
    })

  /// `F_OFD_SETLK` of `<linux/fcntl.h>`, which Swift's Glibc module does not show, nor `flock(2)`.
  private static let setOpenFileLock: Int32 = 37

  private static func check(_ result: Int32) throws(Failure) {
    guard result >= 0 else { throw SystemCallFailure(code: errno) }
  }

  /// Passes `path` to a call that takes a C string; a path with a NUL fails like an invalid one.
  private static func withCPath(_ path: [UInt8], _ call: (UnsafePointer<CChar>) -> Int32)
    throws(Failure) -> Int32
  {
    guard !path.contains(0) else { throw SystemCallFailure(code: EINVAL) }
    let terminated = path.map(CChar.init(bitPattern:)) + [0]
    let (result, code) = terminated.withUnsafeBufferPointer { buffer in
      let result = buffer.baseAddress.map(call) ?? -1
      return (result, errno)
    }
    guard result >= 0 else { throw SystemCallFailure(code: code) }
    return result
  }
}

extension FileStatus {
  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symlink
      default: .other
      }
    permissions = status.st_mode & 0o7777
    owner = status.st_uid
    byteCount = Int(status.st_size)
    linkCount = Int(status.st_nlink)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
