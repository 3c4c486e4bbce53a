// Files beside a ledger that may be lost without harm to decisions: questions, answers and reasoning as they were, the reader's place.

import Approval
import AuditLog
import Glibc
package import Review

extension SessionStore {
  /// What is kept of an exchange with the model beside the ledger; it is no evidence, the ledger has its digests.
  package enum ExchangePart: Sendable {
    /// The first answer, or the one to the question of that number.
    case answer(ask: Int?)
    case question(ask: Int)
    /// What the model thought before the first answer, or the one to the question of that number.
    case reasoning(ask: Int?)

    fileprivate var fileName: String {
      switch self {
      case .answer(nil): "answer"
      case .answer(let ask?): "answer-\(ask)"
      case .question(let ask): "question-\(ask)"
      case .reasoning(nil): "reasoning"
      case .reasoning(let ask?): "reasoning-\(ask)"
      }
    }
  }

  /// Adds to what was asked or answered, so that it survives a crash.
  package func append(_ id: SessionID, _ part: ExchangePart, _ bytes: [UInt8]) throws {
    let file = try OpenFile(
      "keep the exchange in", path(of: part, id),
      flags: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, mode: 0o600, calls: .system)
    try file.write(bytes)
  }

  /// Keeps what there is of a first answer under another name, so that the next one begins anew.
  func putAnswerAside(_ id: SessionID) throws {
    for part in [ExchangePart.answer(ask: nil), .reasoning(ask: nil)] {
      let path = path(of: part, id)
      let text: ([UInt8]) -> String = { String(decoding: $0, as: UTF8.self) }
      var number = 1
      while access(text(path) + ".cut-\(number)", F_OK) == 0 { number += 1 }
      guard rename(text(path), text(path) + ".cut-\(number)") == 0 || errno == ENOENT else {
        throw FileError("put aside", path, .system(SystemCallFailure(code: errno)))
      }
    }
  }

  /// What was asked or answered; nil when it is not kept.
  package func content(_ id: SessionID, of part: ExchangePart) throws -> [UInt8]? {
    try read(path(of: part, id))
  }

  /// The content of a file of a session; nil when it is not there.
  private func read(_ path: [UInt8]) throws -> [UInt8]? {
    do throws(FileError) {
      return try OpenFile(
        "read", path, flags: O_RDONLY | O_NOFOLLOW, calls: .system
      ).readToEnd()
    } catch {
      if case .system(let failure) = error.reason, failure.code == ENOENT { return nil }
      throw error
    }
  }

  /// Keeps the message that was written for the session's commit, on the disk when this returns.
  package func keepMessage(_ id: SessionID, _ message: [UInt8]) throws {
    try replace("message", of: id, with: message, isSynced: true)
  }

  /// The message that was kept last; nil when none was.
  package func message(_ id: SessionID) throws -> [UInt8]? {
    try read(directory(of: id) + Array("/message".utf8))
  }

  /// Remembers a commit whose note could not be kept, until it can be.
  func oweNote(on commit: ObjectID, _ id: SessionID) throws {
    try replace("note-owed", of: id, with: Array(commit.hex.utf8), isSynced: true)
  }

  /// The commit whose note is owed; nil when none is.
  func owedNote(_ id: SessionID) throws -> ObjectID? {
    try read(path(ofOwedNote: id)).flatMap { ObjectID(hex: String(decoding: $0, as: UTF8.self)) }
  }

  /// Sessions that owe a note.
  func sessionsOwingNotes() -> [SessionID] {
    ids.filter { access(String(decoding: path(ofOwedNote: $0), as: UTF8.self), F_OK) == 0 }
  }

  func settleNote(_ id: SessionID) throws {
    let path = path(ofOwedNote: id)
    guard unlink(String(decoding: path, as: UTF8.self)) == 0 || errno == ENOENT else {
      throw FileError("remove", path, .system(SystemCallFailure(code: errno)))
    }
  }

  private func path(ofOwedNote id: SessionID) -> [UInt8] {
    directory(of: id) + Array("/note-owed".utf8)
  }

  private func path(of part: ExchangePart, _ id: SessionID) -> [UInt8] {
    directory(of: id) + Array("/\(part.fileName)".utf8)
  }

  /// Keeps the place where the reader is. Not synced: losing it costs a scroll.
  package func savePlace(_ id: SessionID, _ place: ReadingPlace) throws {
    let body: JSONValue = ["path": .bytes(place.path.bytes), "line": .exact(place.changedLine)]
    try replace("place", of: id, with: try CanonicalJSON.bytes(of: body), isSynced: false)
  }

  /// Gives a small file of a session its content, all of it or none.
  private func replace(
    _ name: String, of id: SessionID, with content: [UInt8], isSynced: Bool
  ) throws {
    let target = directory(of: id) + Array("/\(name)".utf8)
    let fresh = directory(of: id) + Array("/\(name).new".utf8)
    do {
      let file = try OpenFile(
        "keep the \(name) in", fresh, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(content)
      if isSynced { try file.syncContent() }
    }
    let renamed = rename(
      String(decoding: fresh, as: UTF8.self), String(decoding: target, as: UTF8.self))
    guard renamed == 0 else {
      throw FileError("keep the \(name) in", target, .system(SystemCallFailure(code: errno)))
    }
  }

  /// The place that was kept last, if it can be read.
  package func place(_ id: SessionID) -> ReadingPlace? {
    let path = directory(of: id) + Array("/place".utf8)
    // A place that is missing or torn costs a scroll, nothing else.
    guard
      let bytes = try? OpenFile(
        "read", path, flags: O_RDONLY | O_NOFOLLOW, calls: .system
      ).readToEnd(),
      let value = try? CanonicalJSON.value(of: bytes), let path = value["path"]?.bytesValue,
      let line = value["line"]?.intValue
    else { return nil }
    return ReadingPlace(path: RepositoryPath(path), changedLine: line)
  }
}
