// Files beside a ledger that may be lost without harm to decisions: the raw answer, the reader's place.

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

    fileprivate var fileName: String {
      switch self {
      case .answer(nil): "answer"
      case .answer(let ask?): "answer-\(ask)"
      case .question(let ask): "question-\(ask)"
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

  /// What was asked or answered; nil when it is not kept.
  package func content(_ id: SessionID, of part: ExchangePart) throws -> [UInt8]? {
    do throws(FileError) {
      return try OpenFile(
        "read", path(of: part, id), flags: O_RDONLY | O_NOFOLLOW, calls: .system
      ).readToEnd()
    } catch {
      if case .system(let failure) = error.reason, failure.code == ENOENT { return nil }
      throw error
    }
  }

  private func path(of part: ExchangePart, _ id: SessionID) -> [UInt8] {
    directory(of: id) + Array("/\(part.fileName)".utf8)
  }

  /// Keeps the place where the reader is. Not synced: losing it costs a scroll.
  package func savePlace(_ id: SessionID, _ place: ReadingPlace) throws {
    let body: JSONValue = ["path": .bytes(place.path.bytes), "line": .exact(place.changedLine)]
    let target = directory(of: id) + Array("/place".utf8)
    let fresh = directory(of: id) + Array("/place.new".utf8)
    do {
      let file = try OpenFile(
        "keep the place in", fresh, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(try CanonicalJSON.bytes(of: body))
    }
    let renamed = rename(
      String(decoding: fresh, as: UTF8.self), String(decoding: target, as: UTF8.self))
    guard renamed == 0 else {
      throw FileError("keep the place in", target, .system(SystemCallFailure(code: errno)))
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
