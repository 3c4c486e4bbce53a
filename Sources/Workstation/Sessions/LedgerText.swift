// A session's ledger as lines for a person: what was shown and decided, in order.

import Approval
import AuditLog
import Diffing
import Digest
import Glibc
import Review

/// The ledger of one session, record by record.
struct LedgerText {
  let bytes: [UInt8]
  /// How many records there are, and the end of the chain.
  let note: String

  init(_ store: SessionStore, _ id: SessionID) throws {
    let chain = try store.chain(of: id)
    var lines: [String] = []
    var day = ""
    for record in chain.records {
      let (date, time) = Self.moment(record)
      if date != day { lines.append(date) }
      day = date
      lines += Self.lines(record, at: time)
    }
    bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    note =
      "\(chain.records.count) records · the chain ends with sha256 \(chain.head.digest?.hex.prefix(16) ?? "nothing")…"
  }

  /// When a record was written by this machine's clock: its day and its time of day, empty where it does not say.
  private static func moment(_ record: ChainRecord) -> (day: String, time: String) {
    guard let seconds = record.body["at"]?.intValue else { return ("", "") }
    var (moment, parts) = (time_t(seconds), tm())
    localtime_r(&moment, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return (
      "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))",
      "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    )
  }

  private static func lines(_ record: ChainRecord, at time: String) -> [String] {
    let body = record.body
    let text: (String) -> String = { body[JSONText($0)]?.stringValue ?? "" }
    let path = body["path"]?.bytesValue.map { DisplayedBytes.text(of: $0) } ?? ""
    let number = "\("\(record.sequence)".leftPadded(to: 5))  \(time.padded(to: 8))"
    switch record.kind {
    case "session":
      return [
        "\(number)  session     \(text("title"))",
        "                 base        \(body["base"]?["commit"]?.stringValue ?? "none"), branch \(text("branch"))",
        "                 "
          + (text("model").isEmpty
            ? "model       none"
            : "model       \(text("model")), verdict \(text("verdict")), prompt sha256 \(text("prompt").prefix(16))"),
      ] + mapped(body["map"]?.bytesValue ?? [])
    case "proposal", "candidate":
      let files = body["files"]?.arrayValue?.count ?? 0
      let carried = body["carried"]?.arrayValue?.count ?? 0
      return [
        "\(number)  \(record.kind.padded(to: 11)) round \(body["round"]?.intValue ?? 0) (\(text("origin"))), \(files) files, tree \(text("tree").prefix(12))"
          + (carried > 0 ? ", \(carried) decision\(carried == 1 ? "" : "s") carried over" : "")
      ]
    case "decision":
      let file = body["file"]?["path"]?.bytesValue.map { DisplayedBytes.text(of: $0) } ?? ""
      let reason = text("reason").isEmpty ? "" : ": \(text("reason"))"
      return [
        "\(number)  \(text("verdict").padded(to: 11)) \(file) \(unit(body["unit"]))\(reason), number \(body["n"]?.intValue ?? 0)"
      ]
    case "shown":
      return [
        "\(number)  shown       \(path) \(ranges(body["lines"])), at \(body["columns"]?.intValue ?? 0)x\(body["rows"]?.intValue ?? 0)"
      ]
    case "undo", "redo":
      return ["\(number)  \(record.kind.padded(to: 11)) of number \(body["of"]?.intValue ?? 0)"]
    case "acknowledged":
      return ["\(number)  acknowledged \(path): \(text("rule")): \(text("sentence"))"]
    case "comment":
      return [
        "\(number)  comment     \(path): \(text("text").isEmpty ? "withdrawn" : text("text"))"
      ]
    case "asked-again":
      return [
        "\(number)  asked again \(path), \(text("verdict")), model \(text("model")), \(sampling(body))\(body["explained"]?.boolValue == true ? ", explaining first" : "")\(body["by_itself"]?.boolValue == true ? ", by itself" : ""), prompt sha256 \(text("prompt").prefix(16))"
      ]
    case "asked-message":
      return [
        "\(number)  asked for a message, \(text("verdict")), model \(text("model")), prompt sha256 \(text("prompt").prefix(16))"
      ]
    case "message":
      return ["\(number)  message     by \(text("model")), sha256 \(text("sha256").prefix(16))"]
    case ApprovalRecord.kind:
      let count = body["decisions"]?.arrayValue?.count ?? 0
      return [
        "\(number)  approval    of tree \(text("tree").prefix(12)), \(count) decisions: what the commit names"
      ]
    case "signature":
      return ["\(number)  signature   under the record sha256 \(text("of").prefix(16))"]
    case "check":
      return [
        "\(number)  check       \(text("name")) \(text("outcome"))\(Self.more(body)) on tree \(text("tree").prefix(12)), \(body["seconds"]?.intValue ?? 0) s, sandbox \(text("sandbox"))"
      ]
    case "commit": return ["\(number)  commit      \(text("commit")), \(text("landed"))"]
    case "commit-undone": return ["\(number)  taken back  \(text("commit"))"]
    case "failed": return ["\(number)  failed      \(text("reason"))"]
    default:
      return [
        path.isEmpty
          ? "\(number)  \(record.kind)" : "\(number)  \(record.kind.padded(to: 11)) \(path)"
      ]
    }
  }

  /// The files of which lines went along in a map.
  private static func mapped(_ map: [UInt8]) -> [String] {
    let file = TextFile(map)
    let paths = (0..<file.lineCount).map { file.lineContent($0) }
      .filter { !$0.isEmpty && $0.first != 0x20 }
    guard !paths.isEmpty else { return [] }
    let names = paths.map { DisplayedBytes.text(of: Array($0)) }.joined(separator: ", ")
    return ["                 map         lines of \(names)"]
  }

  private static func sampling(_ body: RecordValue) -> String {
    body["sampling"].flatMap(Sampling.init(_:))?.words ?? "seed \(body["seed"]?.intValue ?? 0)"
  }

  /// The exit code or the reason of a check that did not pass.
  private static func more(_ body: RecordValue) -> String {
    switch body["outcome"]?.stringValue {
    case "failed": " with \(body["number"]?.intValue ?? 0)"
    case "could-not-run": " (\(body["reason"]?.stringValue ?? ""))"
    default: ""
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
