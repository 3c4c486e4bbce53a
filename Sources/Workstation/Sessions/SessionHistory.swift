// What a session's ledger says, folded from its records.

package import Approval
package import AuditLog
package import Diffing
package import Review
import Scanner

/// Where the change under review comes from.
package enum SessionSource: String, Hashable, Sendable {
  case model
  case range
  case patch
}

/// The first record of a session: what is reviewed, against which base, under which verdict.
package struct SessionStart: Hashable, Sendable {
  package let id: SessionID
  /// Seconds since 1970.
  package let created: Int
  package let title: String
  package let instruction: String
  package let files: [RepositoryPath]
  /// nil on an unborn branch.
  package let baseCommit: ObjectID?
  package let baseTree: ObjectID
  /// The full name of the branch the commit is for, or `HEAD` when detached.
  package let branch: String
  package let source: SessionSource
  package let endpoint: String
  package let verdict: String
  package let model: String
  /// SHA-256 of the exact body sent; empty without a model.
  package let promptDigest: String

  package init(
    id: SessionID, created: Int, title: String, instruction: String, files: [RepositoryPath],
    baseCommit: ObjectID?, baseTree: ObjectID, branch: String, source: SessionSource,
    endpoint: String, verdict: String, model: String, promptDigest: String
  ) {
    self.id = id
    self.created = created
    self.title = title
    self.instruction = instruction
    self.files = files
    self.baseCommit = baseCommit
    self.baseTree = baseTree
    self.branch = branch
    self.source = source
    self.endpoint = endpoint
    self.verdict = verdict
    self.model = model
    self.promptDigest = promptDigest
  }

  var body: JSONValue {
    [
      "version": 1, "id": .text(id.text), "created": .exact(created), "title": .text(title),
      "instruction": .text(instruction), "files": .array(files.map { .bytes($0.bytes) }),
      "base": ["commit": .oid(baseCommit), "tree": .oid(baseTree)], "branch": .text(branch),
      "source": .text(source.rawValue), "endpoint": .text(endpoint), "verdict": .text(verdict),
      "model": .text(model), "prompt": .text(promptDigest),
    ]
  }

  init(_ reader: RecordReader) throws(RecordError) {
    guard try reader.int("version") == 1 else {
      throw reader.fail("it was written by a newer Countersign")
    }
    guard let id = SessionID(try reader.string("id")) else { throw reader.fail("a foreign \"id\"") }
    guard let source = SessionSource(rawValue: try reader.string("source")) else {
      throw reader.fail("\"source\" is none of ours")
    }
    let base = try reader.member("base")
    guard let tree = try reader.oid("tree", of: base) else {
      throw reader.fail("the base has no tree")
    }
    var files: [RepositoryPath] = []
    for value in try reader.array("files") {
      guard let bytes = value.bytesValue else { throw reader.fail("a path is no text") }
      files.append(RepositoryPath(bytes))
    }
    self.init(
      id: id, created: try reader.int("created"), title: try reader.string("title"),
      instruction: try reader.string("instruction"), files: files,
      baseCommit: try reader.oid("commit", of: base), baseTree: tree,
      branch: try reader.string("branch"), source: source,
      endpoint: try reader.string("endpoint"), verdict: try reader.string("verdict"),
      model: try reader.string("model"), promptDigest: try reader.string("prompt"))
  }
}

/// One round: a proposal, how its edits were placed, and what could not be placed.
package struct SessionRound: Sendable {
  package let number: Int
  package let proposal: Proposal
  package let placements: [RepositoryPath: [PlacedRange]]
  package let unplaced: [UnplacedItem]

  package init(
    number: Int, proposal: Proposal, placements: [RepositoryPath: [PlacedRange]],
    unplaced: [UnplacedItem]
  ) {
    self.number = number
    self.proposal = proposal
    self.placements = placements
    self.unplaced = unplaced
  }

  var body: JSONValue {
    let placed: [JSONValue] = placements.sorted { $0.key < $1.key }.map { path, ranges in
      [
        "path": .bytes(path.bytes),
        "ranges": .array(
          ranges.map { ["new": .lines($0.newLines), "rung": .text($0.rung)] }),
      ]
    }
    return [
      "round": .exact(number), "tree": .text(proposal.tree.hex),
      "files": .array(proposal.files.map { .file($0) }), "placed": .array(placed),
      "unplaced": .array(unplaced.map { $0.json }),
    ]
  }

  init(_ reader: RecordReader, start: SessionStart) throws(RecordError) {
    guard let tree = try reader.oid("tree") else { throw reader.fail("no \"tree\"") }
    var files: [ProposedFile] = []
    for value in try reader.array("files") { files.append(try reader.file(value)) }
    var placements: [RepositoryPath: [PlacedRange]] = [:]
    for value in try reader.array("placed") {
      var ranges: [PlacedRange] = []
      for range in try reader.array("ranges", of: value) {
        ranges.append(
          PlacedRange(
            newLines: try reader.lines(try reader.member("new", of: range)),
            rung: try reader.string("rung", of: range)))
      }
      placements[RepositoryPath(try reader.bytes("path", of: value))] = ranges
    }
    var unplaced: [UnplacedItem] = []
    for value in try reader.array("unplaced") {
      let line = try reader.member("line", of: value)
      unplaced.append(
        UnplacedItem(
          path: try reader.bytes("path", of: value), reason: try reader.string("reason", of: value),
          text: try reader.bytes("text", of: value), wanted: try reader.bytes("wanted", of: value),
          candidate: try reader.bytes("candidate", of: value), candidateLine: line.intValue))
    }
    self.init(
      number: try reader.int("round"),
      proposal: Proposal(
        baseCommit: start.baseCommit, baseTree: start.baseTree, tree: tree, files: files),
      placements: placements, unplaced: unplaced)
  }
}

extension UnplacedItem {
  fileprivate var json: JSONValue {
    [
      "path": .bytes(path), "reason": .text(reason), "text": .bytes(text),
      "wanted": .bytes(wanted), "candidate": .bytes(candidate),
      "line": candidateLine.map { .exact($0) } ?? .null,
    ]
  }
}

/// A finding that was acknowledged, as recorded.
package struct AcknowledgedFinding: Hashable, Sendable {
  package let rule: String
  package let path: [UInt8]
  package let newLine: Int?
  package let sentence: String
}

/// Everything a ledger says, in order.
package struct SessionHistory: Sendable {
  package let start: SessionStart
  package private(set) var round: SessionRound?
  package private(set) var ledger: DecisionLedger?
  /// Changed lines that were drawn, per path.
  package private(set) var shown: [RepositoryPath: [EditScript]] = [:]
  package private(set) var acknowledged: [AcknowledgedFinding] = []
  package private(set) var commits: [ObjectID] = []
  package private(set) var failure: String?
  package private(set) var isCancelled = false
  package private(set) var isDiscarded = false

  package init(_ records: [ChainRecord]) throws(RecordError) {
    guard let first = records.first else {
      throw RecordError(sequence: 0, kind: "session", problem: "the ledger is empty")
    }
    guard first.kind == "session" else {
      throw RecordError(
        sequence: 0, kind: first.kind, problem: "a ledger begins with a session record")
    }
    start = try SessionStart(RecordReader(record: first))
    for record in records.dropFirst() { try apply(RecordReader(record: record)) }
  }

  private mutating func apply(_ reader: RecordReader) throws(RecordError) {
    switch reader.record.kind {
    case "proposal":
      let round = try SessionRound(reader, start: start)
      self.round = round
      ledger = DecisionLedger(proposal: round.proposal)
    case "decision": try append(.decision(try reader.decision()), reader)
    case "undo": try append(.undo(of: try reader.int("of")), reader)
    case "redo": try append(.redo(of: try reader.int("of")), reader)
    case "shown":
      let path = RepositoryPath(try reader.bytes("path"))
      shown[path, default: []].append(try reader.script(try reader.member("lines")))
    case "acknowledged":
      acknowledged.append(
        AcknowledgedFinding(
          rule: try reader.string("rule"), path: try reader.bytes("path"),
          newLine: try reader.member("line").intValue, sentence: try reader.string("sentence")))
    case "answer": failure = nil
    case "failed": failure = try reader.string("reason")
    case "cancelled": isCancelled = true
    case "discarded": isDiscarded = true
    case "restored": isDiscarded = false
    case "commit":
      guard let id = try reader.oid("commit") else { throw reader.fail("no \"commit\"") }
      commits.append(id)
    default: throw reader.fail("this kind of record is unknown to this version")
    }
  }

  private mutating func append(_ entry: LedgerEntry, _ reader: RecordReader) throws(RecordError) {
    guard ledger != nil else { throw reader.fail("a decision before any proposal") }
    do throws(Approval.LedgerError) {
      try ledger?.append(entry)
    } catch {
      throw reader.fail("it does not follow from those before: \(error)")
    }
  }

  /// The line of the sessions screen. A request that was running when the program ended reads as interrupted.
  package func summary(isRunning: Bool) -> SessionSummary {
    let standing: SessionStanding
    if isDiscarded {
      standing = .discarded
    } else if let last = commits.last {
      standing = .committed(last.short)
    } else if let ledger, let round {
      let count = ledger.decisionsInForce.count
      standing =
        count > 0
        ? .inReview(decisions: count)
        : .ready(files: round.proposal.files.count, unplaced: round.unplaced.count)
    } else if isCancelled {
      standing = .cancelled
    } else if let failure {
      standing = .failed(failure)
    } else if isRunning {
      standing = .asking(.connecting)
    } else {
      standing = .failed(
        "Countersign ended while the model was at work; n asks again. What it had written is kept.")
    }
    return SessionSummary(
      id: start.id, title: start.title, standing: standing, created: start.created,
      verdict: start.verdict, model: start.model, when: SessionNaming.date(start.created))
  }
}
