// A session's ledger as lines for a person: what was shown and decided, in order.

import Approval
import AuditLog
import Digest
import Review

/// The ledger of one session, record by record.
struct LedgerText {
  let bytes: [UInt8]
  /// How many records there are, and the end of the chain.
  let note: String

  init(_ store: SessionStore, _ id: SessionID) throws {
    let chain = try store.chain(of: id)
    var lines: [String] = []
    for record in chain.records { lines += Self.lines(record) }
    bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    note =
      "\(chain.records.count) records · the chain ends with sha256 \(chain.head.digest?.hex.prefix(16) ?? "nothing")…"
  }

  private static func lines(_ record: ChainRecord) -> [String] {
    let body = record.body
    let text: (String) -> String = { body[JSONText($0)]?.stringValue ?? "" }
    let path = body["path"]?.bytesValue.map { DisplayedBytes.text(of: $0) } ?? ""
    let number = "\(record.sequence)".leftPadded(to: 5)
    switch record.kind {
    case "session":
      return [
        "\(number)  session     \(text("title"))",
        "       base        \(body["base"]?["commit"]?.stringValue ?? "none"), branch \(text("branch"))",
        "       model       \(text("model")), verdict \(text("verdict")), prompt sha256 \(text("prompt").prefix(16))",
      ]
    case "proposal", "candidate":
      let files = body["files"]?.arrayValue?.count ?? 0
      let carried = body["carried"]?.arrayValue?.count ?? 0
      return [
        "\(number)  \(record.kind.padded(to: 11)) round \(body["round"]?.intValue ?? 0) (\(text("origin"))), \(files) files, tree \(text("tree").prefix(12))"
          + (carried > 0 ? ", \(carried) decisions carried over" : "")
      ]
    case "decision":
      let file = body["file"]?["path"]?.bytesValue.map { DisplayedBytes.text(of: $0) } ?? ""
      let reason = text("reason").isEmpty ? "" : ": \(text("reason"))"
      return ["\(number)  \(text("verdict").padded(to: 11)) \(file) \(unit(body["unit"]))\(reason)"]
    case "shown":
      return [
        "\(number)  shown       \(path) \(ranges(body["lines"])), at \(body["columns"]?.intValue ?? 0)x\(body["rows"]?.intValue ?? 0)"
      ]
    case "undo", "redo":
      return ["\(number)  \(record.kind.padded(to: 11)) of decision \(body["of"]?.intValue ?? 0)"]
    case "acknowledged":
      return ["\(number)  acknowledged \(path): \(text("rule")): \(text("sentence"))"]
    case "comment":
      return [
        "\(number)  comment     \(path): \(text("text").isEmpty ? "withdrawn" : text("text"))"
      ]
    case "asked-again":
      return [
        "\(number)  asked again \(path), \(text("verdict")), model \(text("model")), seed \(body["seed"]?.intValue ?? 0), prompt sha256 \(text("prompt").prefix(16))"
      ]
    case "commit": return ["\(number)  commit      \(text("commit")), \(text("landed"))"]
    case "failed": return ["\(number)  failed      \(text("reason"))"]
    default: return ["\(number)  \(record.kind.padded(to: 11)) \(path)"]
    }
  }

  private static func unit(_ value: RecordValue?) -> String {
    guard let value else { return "" }
    return value.stringValue.map { "(\($0))" } ?? ranges(value["lines"])
  }

  /// `−3…5 +4`: removed lines by old number, added lines by new number, from 1.
  private static func ranges(_ script: RecordValue?) -> String {
    let parts: (String, String) -> [String] = { member, sign in
      (script?[JSONText(member)]?.arrayValue ?? []).compactMap { item in
        guard let start = item.arrayValue?.first?.intValue,
          let count = item.arrayValue?.dropFirst().first?.intValue
        else { return nil }
        return count == 1 ? "\(sign)\(start + 1)" : "\(sign)\(start + 1)…\(start + count)"
      }
    }
    let all = parts("removed", "-") + parts("inserted", "+")
    return all.prefix(12).joined(separator: " ") + (all.count > 12 ? " …" : "")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }

  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - unicodeScalars.count)) + self
  }
}
