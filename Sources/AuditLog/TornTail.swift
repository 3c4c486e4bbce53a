// Where the remains of a crashed append are kept: nothing that was written is silently deleted.

import Glibc

enum TornTail {
  /// Writes `bytes` to the first free name `ledger.torn-<n>`, n from 1, and returns its path.
  ///
  /// When this returns the copy is on the disk; when it throws, no partial copy stays.
  static func save(_ bytes: [UInt8], in directory: [UInt8], calls: FileSystemCalls)
    throws(FileError) -> [UInt8]
  {
    var number = 1
    while true {
      let path = directory + Array("/ledger.torn-\(number)".utf8)
      do throws(FileError) {
        let file = try OpenFile(
          "create", path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600,
          calls: calls)
        try fill(file, with: bytes, in: directory, calls: calls)
        return path
      } catch {
        guard error.reason == .system(SystemCallFailure(code: EEXIST)) else { throw error }
        number += 1
      }
    }
  }

  private static func fill(
    _ file: borrowing OpenFile, with bytes: [UInt8], in directory: [UInt8],
    calls: FileSystemCalls
  ) throws(FileError) {
    do throws(FileError) {
      try file.write(bytes)
      try file.sync()
      try LedgerWriter.syncNames(in: directory, calls: calls)
    } catch {
      // The bytes are still in the ledger, so an incomplete copy is only clutter; when it cannot be
      // removed either, the first error is the one to tell.
      do { try calls.unlink(file.path) } catch {}
      throw error
    }
  }
}
