// What can go wrong with the ledger of a session.

/// Why a ledger could not be opened, or a record was not added.
package enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
  case file(FileError)
  /// Another process works on this session. `owner` is nil while it is just starting.
  case inUse(directory: [UInt8], owner: LockOwner?)
  case broken(path: [UInt8], ChainViolation)
  /// A record's body cannot be written as canonical JSON.
  case unwritable(kind: String, CanonicalJSONError)
  /// A record was not added. The ledger was taken back to the last record before it, unless
  /// `rollBack` says why that failed too; then the next append or start does it.
  case notAppended(FileError, rollBack: FileError?)

  package var description: String {
    switch self {
    case .file(let error):
      return error.description
    case .inUse(let directory, let owner):
      let holder = owner?.description ?? "another process"
      return "the session in \(DisplayedBytes.text(of: directory)) is open in \(holder); "
        + "close it there first"
    case .broken(let path, let violation):
      return "the ledger \(DisplayedBytes.text(of: path)) is damaged or was changed: \(violation)"
    case .unwritable(let kind, let error):
      return "a record of kind \(kind) cannot be written as JSON: \(error)"
    case .notAppended(let error, nil):
      return "nothing was recorded: \(error)"
    case .notAppended(let error, let rollBack?):
      return "nothing was recorded: \(error); afterwards, \(rollBack)"
    }
  }
}

extension LedgerError {
  /// Runs work on files and turns its error into a ledger's.
  static func naming<Value: ~Copyable>(_ work: () throws(FileError) -> Value)
    throws(LedgerError) -> Value
  {
    do throws(FileError) {
      return try work()
    } catch {
      throw .file(error)
    }
  }
}
