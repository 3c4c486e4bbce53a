// Files beside a ledger that may be lost without harm to decisions: the raw answer, the reader's place.

import Approval
import AuditLog
import Glibc
package import Review

extension SessionStore {
  /// Adds to the raw answer of the model, so that it survives a crash; it is no evidence, the ledger has its digest.
  package func appendAnswer(_ id: SessionID, _ bytes: [UInt8]) throws {
    let file = try OpenFile(
      "keep the answer in", directory(of: id) + Array("/answer".utf8),
      flags: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, mode: 0o600, calls: .system)
    try file.write(bytes)
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
