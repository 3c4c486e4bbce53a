// Reading a ledger without writing: for the list of sessions and for verification.

import Glibc

extension RecordChain {
  /// Reads and verifies the ledger of the session in `directory`, taking no lock. O(file).
  ///
  /// While a writer is at work its last record may appear as a torn tail; nothing is changed on
  /// disk.
  package static func read(in directory: [UInt8], calls: FileSystemCalls = .system)
    throws(LedgerError) -> RecordChain
  {
    let path = LedgerWriter.path(in: directory)
    let content = try LedgerError.naming { () throws(FileError) in
      let file = try OpenFile(
        "open the ledger", path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, calls: calls)
      guard try file.status().kind == .regular else {
        throw FileError("read the ledger", path, .notARegularFile)
      }
      return try file.readToEnd()
    }
    return try RecordChain(ledger: content, at: path)
  }

  init(ledger content: [UInt8], at path: [UInt8]) throws(LedgerError) {
    do throws(ChainViolation) {
      try self.init(reading: content)
    } catch {
      throw .broken(path: path, error)
    }
  }
}
