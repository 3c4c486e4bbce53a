// How values of the review travel in ledger records.

import Approval
import AuditLog
import Diffing
import Digest
import Review

/// The values that ledger records are made of; the model client has JSON of its own, for the wire.
typealias RecordValue = JSONValue

/// A record of the ledger that does not say what it should.
package struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
  package let sequence: Int
  package let kind: String
  /// What is missing or wrong.
  package let problem: String

  package var description: String {
    "Record \(sequence) of the ledger (\(kind)) cannot be read: \(problem)."
  }
}

extension JSONValue {
  static func lines(_ range: Range<Int>) -> JSONValue {
    [.exact(range.lowerBound), .exact(range.count)]
  }

  static func script(_ script: EditScript) -> JSONValue {
    [
      "removed": .array(script.removed.map { .lines($0) }),
      "inserted": .array(
        script.inserted.map {
          [
            .exact($0.newLines.lowerBound), .exact($0.newLines.count), .exact($0.position),
            .exact($0.stride),
          ]
        }),
    ]
  }

  static func state(_ state: FileState?) -> JSONValue {
    guard let state else { return .null }
    return ["mode": .text(String(state.mode.rawValue, radix: 8)), "blob": .text(state.blob.hex)]
  }

  static func file(_ file: ProposedFile) -> JSONValue {
    ["path": .bytes(file.path.bytes), "old": .state(file.old), "new": .state(file.new)]
  }

  static func oid(_ id: ObjectID?) -> JSONValue {
    id.map { .text($0.hex) } ?? .null
  }

  /// A commit that was made; `landed` says where it is.
  static func commit(_ commit: ObjectID, tree: ObjectID, landed: String) -> JSONValue {
    ["commit": .text(commit.hex), "tree": .text(tree.hex), "landed": .text(landed)]
  }

  /// What a check said of a tree.
  static func check(_ result: CheckResult) -> JSONValue {
    let (outcome, number, reason): (String, Int, String) =
      switch result.outcome {
      case .passed: ("passed", 0, "")
      case .failed(let code): ("failed", code, "")
      case .timedOut(let seconds): ("timed-out", seconds, "")
      case .cancelled: ("cancelled", 0, "")
      case .couldNotRun(let reason): ("could-not-run", 0, reason)
      }
    return [
      "name": .text(result.name), "command": .array(result.command.map { .text($0) }),
      "ground": .array(result.ground.map { .text($0) }), "tree": .text(result.tree.hex),
      "outcome": .text(outcome), "number": .exact(number),
      "reason": .text(reason), "seconds": .exact(result.seconds),
      "sandbox": .text(result.sandbox.rawValue),
    ]
  }

  static func decision(_ record: DecisionRecord) -> JSONValue {
    let unit: JSONValue
    switch record.unit {
    case .whole: unit = "whole"
    case .mode: unit = "mode"
    case .lines(let script, let digest):
      unit = ["lines": .script(script), "sha256": .text(digest.hex)]
    }
    return [
      "n": .exact(record.sequence), "file": .file(record.file), "unit": unit,
      "verdict": .text(record.verdict.rawValue), "reason": .text(record.reason),
    ]
  }
}

extension JSONValue {
  static func comment(_ comment: ReviewComment) -> JSONValue {
    let anchor: JSONValue =
      comment.anchor.map { anchor in
        [
          "side": .text(anchor.side.rawValue), "line": .exact(anchor.line),
          "lines": .array(anchor.lines.map { .bytes($0) }),
        ]
      } ?? .null
    return [
      "id": .exact(comment.id), "path": .bytes(comment.path.bytes), "anchor": anchor,
      "text": .text(comment.text), "round": .exact(comment.round),
    ]
  }
}

extension JSONValue {
  static func unplaced(_ item: UnplacedItem) -> JSONValue {
    // The best place stands twice: older versions read no other.
    let best = item.places.first
    return [
      "path": .bytes(item.path), "reason": .text(item.reason),
      "refusal": item.refusal.map { .text($0) } ?? .null, "text": .bytes(item.text),
      "wanted": .bytes(item.wanted), "replacement": item.replacement.map { .bytes($0) } ?? .null,
      "candidate": .bytes(best?.text ?? []), "line": best.map { .exact($0.line) } ?? .null,
      "places": .array(
        item.places.map {
          [
            "line": .exact($0.line), "text": .bytes($0.text), "above": .bytes($0.above),
            "below": .bytes($0.below), "scope": .bytes($0.scope),
          ]
        }),
    ]
  }
}

/// Reads the members of one record's body; every failure names the record and the member.
struct RecordReader {
  let record: ChainRecord
  /// No file that is decided on by lines has more; a larger number is damage, and would only cost memory.
  private static let highestLine = 50_000_000

  func fail(_ problem: String) -> RecordError {
    RecordError(sequence: record.sequence, kind: record.kind, problem: problem)
  }

  func member(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> JSONValue {
    guard let member = (value ?? record.body)[JSONText(name)] else {
      throw fail("\"\(name)\" is missing")
    }
    return member
  }

  func int(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> Int {
    guard let number = try member(name, of: value).intValue else {
      throw fail("\"\(name)\" is no number")
    }
    return number
  }

  func string(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> String {
    guard let text = try member(name, of: value).stringValue else {
      throw fail("\"\(name)\" is no text")
    }
    return text
  }

  func bytes(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> [UInt8] {
    guard let bytes = try member(name, of: value).bytesValue else {
      throw fail("\"\(name)\" holds no bytes")
    }
    return bytes
  }

  func array(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> [JSONValue] {
    guard let array = try member(name, of: value).arrayValue else {
      throw fail("\"\(name)\" is no list")
    }
    return array
  }

  func oid(_ name: String, of value: JSONValue? = nil) throws(RecordError) -> ObjectID? {
    let member = try member(name, of: value)
    if member.isNull { return nil }
    guard let id = member.stringValue.flatMap({ ObjectID(hex: $0) }) else {
      throw fail("\"\(name)\" is no object id")
    }
    return id
  }

  func numbers(_ value: JSONValue, count: Int) throws(RecordError) -> [Int] {
    let numbers = (value.arrayValue ?? []).compactMap(\.intValue)
    guard numbers.count == count, value.arrayValue?.count == count,
      numbers.allSatisfy({ (0...Self.highestLine).contains($0) })
    else { throw fail("\(count) numbers of lines were expected") }
    return numbers
  }

  func lines(_ value: JSONValue) throws(RecordError) -> Range<Int> {
    let pair = try numbers(value, count: 2)
    return pair[0]..<pair[0] + pair[1]
  }

  func script(_ value: JSONValue) throws(RecordError) -> EditScript {
    var removed: [Range<Int>] = []
    for item in try array("removed", of: value) { removed.append(try lines(item)) }
    var inserted: [EditScript.Insertion] = []
    for item in try array("inserted", of: value) {
      let numbers = try numbers(item, count: 4)
      inserted.append(
        EditScript.Insertion(
          newLines: numbers[0]..<numbers[0] + numbers[1], position: numbers[2],
          stride: numbers[3]))
    }
    return EditScript(removed: removed, inserted: inserted)
  }

  func file(_ value: JSONValue) throws(RecordError) -> ProposedFile {
    let old = try state("old", of: value)
    let new = try state("new", of: value)
    guard old != new else { throw fail("a file that does not change") }
    return ProposedFile(path: RepositoryPath(try bytes("path", of: value)), old: old, new: new)
  }

  /// The decision in `body`, or in the record's own body.
  func decision(_ body: JSONValue? = nil) throws(RecordError) -> DecisionRecord {
    let unit: DecisionUnit
    let value = try member("unit", of: body)
    switch value.stringValue {
    case "whole": unit = .whole
    case "mode": unit = .mode
    default:
      guard let digest = SHA256Digest(hex: try string("sha256", of: value)) else {
        throw fail("\"sha256\" is no digest")
      }
      unit = .lines(try script(try member("lines", of: value)), digest: digest)
    }
    guard let verdict = Verdict(rawValue: try string("verdict", of: body)) else {
      throw fail("\"verdict\" is none of ours")
    }
    return DecisionRecord(
      sequence: try int("n", of: body), file: try file(try member("file", of: body)), unit: unit,
      verdict: verdict, reason: try string("reason", of: body))
  }

  func comment() throws(RecordError) -> ReviewComment {
    let value = try member("anchor")
    var anchor: CommentAnchor?
    if !value.isNull {
      guard let side = CommentAnchor.Side(rawValue: try string("side", of: value)) else {
        throw fail("\"side\" is none of ours")
      }
      var lines: [[UInt8]] = []
      for line in try array("lines", of: value) {
        guard let bytes = line.bytesValue else { throw fail("a line holds no bytes") }
        lines.append(bytes)
      }
      let line = try int("line", of: value)
      guard (0...Self.highestLine).contains(line), !lines.isEmpty else {
        throw fail("an anchor without lines")
      }
      anchor = CommentAnchor(side: side, line: line, lines: lines)
    }
    return ReviewComment(
      id: try int("id"), path: RepositoryPath(try bytes("path")), anchor: anchor,
      text: try string("text"), round: try int("round"))
  }

  /// An edit that could not be placed; older ledgers have one place at most, and neither the reason's word nor the replacement.
  func unplaced(_ value: JSONValue) throws(RecordError) -> UnplacedItem {
    var places: [NearPlace] = []
    if value["places"] != nil {
      for place in try array("places", of: value) {
        places.append(
          NearPlace(
            line: try lineNumber(of: place), text: try bytes("text", of: place),
            above: try bytes("above", of: place), below: try bytes("below", of: place),
            scope: try bytes("scope", of: place)))
      }
    } else if !(try member("line", of: value).isNull) {
      places.append(
        NearPlace(line: try lineNumber(of: value), text: try bytes("candidate", of: value)))
    }
    return UnplacedItem(
      path: try bytes("path", of: value), reason: try string("reason", of: value),
      refusal: isThere("refusal", in: value) ? try string("refusal", of: value) : nil,
      text: try bytes("text", of: value), wanted: try bytes("wanted", of: value),
      replacement: isThere("replacement", in: value) ? try bytes("replacement", of: value) : nil,
      places: places)
  }

  private func isThere(_ name: String, in value: JSONValue) -> Bool {
    guard let member = value[JSONText(name)] else { return false }
    return !member.isNull
  }

  private func lineNumber(of value: JSONValue) throws(RecordError) -> Int {
    let line = try int("line", of: value)
    guard (0...Self.highestLine).contains(line) else { throw fail("\"line\" is no line") }
    return line
  }

  func check() throws(RecordError) -> CheckResult {
    let number = try int("number")
    let outcome: CheckOutcome
    switch try string("outcome") {
    case "passed": outcome = .passed
    case "failed": outcome = .failed(number)
    case "timed-out": outcome = .timedOut(number)
    case "cancelled": outcome = .cancelled
    case "could-not-run": outcome = .couldNotRun(try string("reason"))
    default: throw fail("\"outcome\" is none of ours")
    }
    guard let tree = try oid("tree") else { throw fail("\"tree\" is missing") }
    guard let sandbox = CheckSandbox(rawValue: try string("sandbox")) else {
      throw fail("\"sandbox\" is none of ours")
    }
    return CheckResult(
      name: try string("name"), command: try words("command"), ground: try words("ground"),
      tree: tree, outcome: outcome,
      seconds: try int("seconds"), sandbox: sandbox)
  }

  private func words(_ name: String) throws(RecordError) -> [String] {
    var words: [String] = []
    for word in try array(name) {
      guard let text = word.stringValue else { throw fail("\"\(name)\" is no list of words") }
      words.append(text)
    }
    return words
  }

  private func state(_ name: String, of value: JSONValue) throws(RecordError) -> FileState? {
    let member = try member(name, of: value)
    if member.isNull { return nil }
    guard let mode = UInt32(try string("mode", of: member), radix: 8).flatMap(FileMode.init),
      let blob = try oid("blob", of: member)
    else { throw fail("\"\(name)\" has a mode or blob that does not exist") }
    return FileState(mode: mode, blob: blob)
  }
}
