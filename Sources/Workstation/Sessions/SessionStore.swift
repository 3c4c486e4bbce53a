// The sessions of one repository on disk: directories, ledgers, exchanges with models, the reader's place.

import Approval
package import AuditLog
import Diffing
import Glibc
package import Review
import Scanner

/// Keeps the ledgers of a repository's sessions. One thread uses it: the one that owns the terminal, or a command's.
///
/// Appending syncs to disk before it returns.
package final class SessionStore {
  private final class OpenLedger {
    var writer: LedgerWriter
    /// What the ledger says so far, kept in step, so that no key reads the file again; nil before its first record, and when it has to be
    /// read again.
    private var known: SessionHistory?
    private let readAgain: () throws -> [ChainRecord]

    init(
      _ writer: consuming LedgerWriter, readAgain: @escaping () throws -> [ChainRecord]
    ) throws {
      self.readAgain = readAgain
      let records = writer.takeRecords()
      self.writer = writer
      known = try records.isEmpty ? nil : SessionHistory(records)
    }

    /// What the ledger says so far; nil before its first record.
    func history() throws -> SessionHistory? {
      if known == nil, writer.head.count > 0 {
        // Without what a failed append may have left behind the last record.
        known = try SessionHistory(Array(readAgain().prefix(writer.head.count)))
      }
      return known
    }

    /// Takes the record in before it is written, so that nothing gets into the file that could not be read back from it.
    ///
    /// - Parameter time: what the clock said, in seconds since 1970; it goes into the body as `at`.
    func append(kind: String, body: JSONValue, at time: Int) throws -> ChainRecord {
      guard case .object(var object) = body else { preconditionFailure("a body is an object") }
      object["at"] = .exact(time)
      let record = try writer.record(kind: kind, body: .object(object))
      do {
        if try history() == nil {
          known = try SessionHistory([record])
        } else {
          try known?.apply(record)
        }
        try writer.append(record)
      } catch {
        // It may be half taken in: what is in the file stands.
        known = nil
        throw error
      }
      return record
    }
  }

  /// `<git common directory>/countersign/sessions`.
  package let directory: [UInt8]
  private let calls: FileSystemCalls
  private var open: [SessionID: OpenLedger] = [:]

  package init(gitCommonDirectory: [UInt8], calls: FileSystemCalls = .system) {
    directory = StateLocations.sessions(gitCommonDirectory: gitCommonDirectory)
    self.calls = calls
  }

  package func directory(of id: SessionID) -> [UInt8] { directory + Array("/\(id.text)".utf8) }

  /// Makes a session and records its beginning.
  package func create(_ start: SessionStart) throws {
    try PrivateDirectory.ensure(parent(of: directory), calls: calls)
    try PrivateDirectory.ensure(directory, calls: calls)
    let ledger = try ledger(of: start.id)
    guard try ledger.history() == nil else { throw StoreError.exists(start.id) }
    _ = try ledger.append(kind: "session", body: start.body, at: start.created)
  }

  /// Makes a session and records its beginning and its first round.
  package func create(_ session: NewSession) throws {
    try create(session.start)
    try append(session.start.id, kind: "proposal", body: session.round.body)
  }

  /// Appends a record; on disk when this returns.
  @discardableResult
  package func append(_ id: SessionID, kind: String, body: JSONValue) throws -> ChainRecord {
    try ledger(of: id).append(kind: kind, body: body, at: Int(time(nil)))
  }

  package func append(_ id: SessionID, _ notes: [LedgerNote]) throws {
    for note in notes {
      switch note {
      case .entry(.decision(let record)):
        try append(id, kind: "decision", body: .decision(record))
      case .entry(.round(let record)):
        preconditionFailure("round \(record.number) is recorded with what made it")
      case .entry(.undo(let sequence)):
        try append(id, kind: "undo", body: ["of": .exact(sequence)])
      case .entry(.redo(let sequence)):
        try append(id, kind: "redo", body: ["of": .exact(sequence)])
      case .comment(let comment):
        try append(id, kind: "comment", body: .comment(comment))
      case .split(let path, let starts):
        try append(
          id, kind: "split",
          body: [
            "path": .bytes(path.bytes), "starts": .array(starts.sorted().map { .exact($0) }),
          ])
      case .shown(let path, let script, let columns, let rows):
        try append(
          id, kind: "shown",
          body: [
            "path": .bytes(path.bytes), "lines": .script(script), "columns": .exact(columns),
            "rows": .exact(rows),
          ])
      case .acknowledged(let finding, let phrase):
        try append(
          id, kind: "acknowledged",
          body: [
            "rule": .text(finding.rule), "path": .bytes(finding.path),
            "line": finding.line.map { .exact($0) } ?? .null,
            "sentence": .text(finding.sentence), "phrase": .text(phrase),
          ])
      }
    }
  }

  /// The end of the session's chain.
  package func head(of id: SessionID) throws -> ChainHead { try ledger(of: id).writer.head }

  /// Opens a session for writing and reads what its ledger says.
  package func openHistory(of id: SessionID) throws -> SessionHistory {
    guard exists(id), let history = try ledger(of: id).history() else {
      throw StoreError.unknown(id.text)
    }
    return history
  }

  /// What a session's ledger says, without taking its lock. Costs nothing for a session that is open here, else O(ledger).
  package func history(of id: SessionID) throws -> SessionHistory {
    if let history = try open[id]?.history() { return history }
    return try SessionHistory(chain(of: id).records)
  }

  /// The records of a session's ledger, read anew.
  func chain(of id: SessionID) throws -> RecordChain {
    try RecordChain.read(in: directory(of: id), calls: calls)
  }

  /// Lets other processes have the session.
  package func close(_ id: SessionID) { open[id] = nil }

  package func isOpen(_ id: SessionID) -> Bool { open[id] != nil }

  /// Whether the ledger can be reached: one in another user's private directory counts as not there.
  package func exists(_ id: SessionID) -> Bool {
    (try? calls.lstat(LedgerPath.path(in: directory(of: id)))) != nil
  }

  /// All sessions, newest first; one whose ledger cannot be read is listed as failed, with the reason.
  package func summaries(asking: [SessionID: RequestProgress]) -> [SessionSummary] {
    let summaries = ids.map { id -> SessionSummary in
      do {
        return try history(of: id).summary(asking: asking[id])
      } catch {
        return SessionSummary(
          id: id, title: id.text, standing: .failed("\(error)"), created: 0, verdict: "", model: "")
      }
    }
    return summaries.sorted { ($0.created, $0.id.text) > ($1.created, $1.id.text) }
  }

  /// The session whose name begins or ends with `prefix`; throws when none or several do.
  package func session(matching prefix: String) throws -> SessionID {
    let all = ids
    if let exact = all.first(where: { $0.text == prefix }) { return exact }
    // Names begin with the date, so the end tells them apart sooner.
    let matching = all.filter { $0.text.hasPrefix(prefix) || $0.text.hasSuffix(prefix) }
    guard matching.count == 1, !prefix.isEmpty, let only = matching.first else {
      throw matching.count > 1 ? StoreError.ambiguous(prefix) : StoreError.unknown(prefix)
    }
    return only
  }

  /// Every session that has a ledger, in no order.
  package var ids: [SessionID] {
    let names = LocalFiles.entries(in: String(decoding: directory, as: UTF8.self)) ?? []
    return names.compactMap { SessionID($0.name) }.filter { exists($0) }
  }

  private func ledger(of id: SessionID) throws -> OpenLedger {
    if let ledger = open[id] { return ledger }
    do {
      let (directory, calls) = (directory(of: id), calls)
      let ledger = try OpenLedger(LedgerWriter(directory: directory, calls: calls)) {
        try RecordChain.read(in: directory, calls: calls).records
      }
      open[id] = ledger
      return ledger
    } catch let error as AuditLog.LedgerError {
      guard case .inUse(_, let owner) = error else { throw error }
      throw StoreError.inUse(id, owner?.description ?? "another process")
    }
  }

  private func parent(of path: [UInt8]) -> [UInt8] {
    path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[..<$0]) } ?? path
  }
}

private enum LedgerPath {
  static func path(in directory: [UInt8]) -> [UInt8] {
    directory + Array("/\(LedgerWriter.fileName)".utf8)
  }
}

/// Why a session is not to be had.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  case exists(SessionID)
  case unknown(String)
  case ambiguous(String)
  case inUse(SessionID, String)

  package var description: String {
    switch self {
    case .exists(let id): "There is a session \(id) already."
    case .unknown(let name):
      "There is no session \(name) in this repository; `countersign sessions` lists them."
    case .inUse(let id, let owner):
      "It is open in another Countersign (\(owner)); close it there first. Session \(id)."
    case .ambiguous(let name):
      "Several sessions begin or end with \(name); `countersign sessions` lists them."
    }
  }
}
