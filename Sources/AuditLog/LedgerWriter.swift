// Appends records to a session's ledger so that what was reported as recorded is on the disk.

import Glibc

/// The one writer of a session's ledger.
///
/// An append costs one `fstat`, one `write` and one `fdatasync`. The latter is what takes time: all
/// three took 0.2 ms on a virtual machine, and a turning disk needs tens of milliseconds.
///
/// After any failure, crash or kill the file holds every record whose append returned, in order,
/// then at most one that did not return, whole or torn; the next start tells them apart.
package struct LedgerWriter: ~Copyable, Sendable {
  package static let fileName = "ledger.jsonl"

  /// The records that were there when the ledger was opened, without the torn tail.
  package private(set) var recordsAtStart: [ChainRecord]

  /// Where the torn tail of a crashed append was moved when the ledger was opened.
  package let tornTailPath: [UInt8]?

  /// Who held this session before and did not give it back.
  package var deadOwner: LockOwner? { lock.deadOwner }

  /// The end of the chain: what a commit anchors.
  package private(set) var head: ChainHead

  private let file: OpenFile
  private let lock: SessionLock
  private var byteCount: Int
  /// Bytes of a failed append are still behind `byteCount`.
  private var needsRollBack = false

  /// Opens the ledger of the session in `directory`, which is made when missing.
  ///
  /// A torn tail is moved to the side file `ledger.torn-<n>` in the same directory. O(file).
  ///
  /// - Parameter directory: an absolute path; it becomes private to us.
  /// - Throws: `LedgerError.inUse` while another process has it, `.broken` when the chain is.
  package init(
    directory: [UInt8], owner: LockOwner = .current(), calls: FileSystemCalls = .system
  ) throws(LedgerError) {
    try LedgerError.naming { () throws(FileError) in
      try PrivateDirectory.ensure(directory, calls: calls)
    }
    let lock = try SessionLock(directory: directory, owner: owner, calls: calls)
    let path = LedgerWriter.path(in: directory)
    let file = try LedgerError.naming { () throws(FileError) in
      try LedgerWriter.open(path, calls: calls)
    }
    let content = try LedgerError.naming { () throws(FileError) in
      try LedgerWriter.syncNames(in: directory, calls: calls)
      return try file.readToEnd()
    }
    let chain = try RecordChain(ledger: content, at: path)
    tornTailPath = try LedgerError.naming { () throws(FileError) in
      var tornTailPath: [UInt8]?
      if !chain.tornTail.isEmpty {
        tornTailPath = try TornTail.save(chain.tornTail, in: directory, calls: calls)
        try file.truncate(to: chain.byteCount)
      }
      // A killed writer may have left a whole record that no sync has seen yet.
      if !content.isEmpty { try file.syncContent() }
      return tornTailPath
    }
    recordsAtStart = chain.records
    head = chain.head
    byteCount = chain.byteCount
    self.file = file
    self.lock = lock
  }

  /// Adds a record and returns it once it is on the disk.
  ///
  /// - Throws: when it is not recorded. The writer stays usable: the next append continues the
  ///   chain from the last record that was.
  @discardableResult
  package mutating func append(kind: String, body: JSONValue) throws(LedgerError) -> ChainRecord {
    let record = try record(kind: kind, body: body)
    try append(record)
    return record
  }

  /// The record that would follow; nothing is written.
  package func record(kind: String, body: JSONValue) throws(LedgerError) -> ChainRecord {
    precondition(!kind.isEmpty, "a record has a kind")
    do throws(CanonicalJSONError) {
      return try ChainRecord(after: head, kind: kind, body: body)
    } catch {
      throw .unwritable(kind: kind, error)
    }
  }

  /// Adds a record that `record(kind:body:)` made since the last append; as `append(kind:body:)`.
  package mutating func append(_ record: ChainRecord) throws(LedgerError) {
    precondition(
      record.sequence == head.count && record.previous == head.digest, "the record that follows")
    do throws(FileError) {
      if needsRollBack { try rollBack() }
      try checkLength()
    } catch {
      throw .notAppended(error, rollBack: nil)
    }
    let line = record.line + [UInt8(ascii: "\n")]
    do throws(FileError) {
      try file.write(line)
      try file.syncContent()
    } catch {
      throw failure(error)
    }
    byteCount += line.count
    head = ChainHead(after: record)
  }

  /// Returns the records that were there when the ledger was opened, and lets go of them.
  package mutating func takeRecords() -> [ChainRecord] {
    let records = recordsAtStart
    recordsAtStart = []
    return records
  }

  /// Gives the session back to other processes; so does letting the writer go.
  package consuming func close() {}

  // MARK: Failure

  private mutating func failure(_ error: FileError) -> LedgerError {
    needsRollBack = true
    do throws(FileError) {
      try rollBack()
      return .notAppended(error, rollBack: nil)
    } catch let second {
      return .notAppended(error, rollBack: second)
    }
  }

  private mutating func rollBack() throws(FileError) {
    try file.truncate(to: byteCount)
    try file.syncContent()
    needsRollBack = false
  }

  /// Checks that nobody else wrote to the file or removed it since the last append.
  private func checkLength() throws(FileError) {
    let status = try file.status()
    guard status.linkCount > 0 else { throw FileError("write to", file.path, .removed) }
    guard status.byteCount == byteCount else {
      throw FileError(
        "write to", file.path, .lengthChanged(expected: byteCount, found: status.byteCount))
    }
  }

  // MARK: Files

  static func path(in directory: [UInt8]) -> [UInt8] {
    directory + Array("/\(fileName)".utf8)
  }

  private static func open(_ path: [UInt8], calls: FileSystemCalls) throws(FileError) -> OpenFile {
    let file = try OpenFile(
      "open the ledger", path, flags: O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, mode: 0o600,
      calls: calls)
    let status = try file.status()
    guard status.kind == .regular else {
      throw FileError("use the ledger", path, .notARegularFile)
    }
    guard status.owner == geteuid() else {
      throw FileError("use the ledger", path, .foreignOwner(status.owner))
    }
    try file.restrict(to: 0o600, from: status)
    return file
  }

  /// Makes sure that the names of new files survive a power cut.
  static func syncNames(in directory: [UInt8], calls: FileSystemCalls) throws(FileError) {
    try OpenFile(
      "open the directory", directory, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, calls: calls
    ).sync()
  }
}
