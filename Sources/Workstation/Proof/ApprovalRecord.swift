// What the human approved for one commit, as a record that stands by itself.

package import Approval
package import AuditLog
import Diffing
import Digest
package import Review

/// The approvals of one commit, said of its base and its own files.
///
/// The last record of the ledger before the commit is made. Its digest goes into the commit's message, and its line, byte for byte, into a
/// note on the commit: so a clone that has no ledger can check it, and a note that says anything else does not match the commit.
package struct ApprovalRecord: Hashable, Sendable {
  static let kind = "approval"
  /// Where the notes are.
  package static let notesReference = "refs/notes/countersign"

  /// A finding that was acknowledged; what it says is left out, since it may quote what was rejected.
  package struct Acknowledgement: Hashable, Sendable {
    package let rule: String
    package let path: RepositoryPath
  }

  package let session: SessionID
  /// nil for a first commit.
  package let baseCommit: ObjectID?
  package let baseTree: ObjectID
  /// The tree that was committed.
  package let tree: ObjectID
  package let decisions: [DecisionRecord]
  package let acknowledged: [Acknowledgement]
  package let source: SessionSource
  /// The models that had a hand in it, in order.
  package let model: String
  /// The verdicts on all endpoints that were asked, in order.
  package let verdict: String
  /// SHA-256 of the exact body that was sent; empty without a model.
  package let promptDigest: String

  init(
    _ history: SessionHistory, proposal: Proposal, tree: ObjectID,
    decisions: [DecisionRecord],
    acknowledged: [Acknowledgement]
  ) {
    let start = history.start
    session = start.id
    baseCommit = proposal.baseCommit
    baseTree = proposal.baseTree
    self.tree = tree
    self.decisions = decisions
    self.acknowledged = acknowledged
    source = start.source
    model = history.models.joined(separator: ", ")
    verdict = history.verdicts.joined(separator: ", ")
    promptDigest = history.promptDigest
  }

  /// Reads the record's body; throws what is missing or wrong in it.
  package init(_ record: ChainRecord) throws(RecordError) {
    let reader = RecordReader(record: record)
    guard record.kind == Self.kind else { throw reader.fail("it is no approval") }
    guard let session = SessionID(try reader.string("session")) else {
      throw reader.fail("\"session\" is no name of one")
    }
    self.session = session
    let base = try reader.member("base")
    baseCommit = try reader.oid("commit", of: base)
    guard let baseTree = try reader.oid("tree", of: base), let tree = try reader.oid("tree") else {
      throw reader.fail("a tree is missing")
    }
    self.baseTree = baseTree
    self.tree = tree
    var decisions: [DecisionRecord] = []
    for value in try reader.array("decisions") { decisions.append(try reader.decision(value)) }
    self.decisions = decisions
    var acknowledged: [Acknowledgement] = []
    for value in try reader.array("acknowledged") {
      acknowledged.append(
        Acknowledgement(
          rule: try reader.string("rule", of: value),
          path: RepositoryPath(try reader.bytes("path", of: value))))
    }
    self.acknowledged = acknowledged
    guard let source = SessionSource(rawValue: try reader.string("source")) else {
      throw reader.fail("\"source\" is none of ours")
    }
    self.source = source
    model = try reader.string("model")
    verdict = try reader.string("verdict")
    promptDigest = try reader.string("prompt")
  }

  var body: JSONValue {
    [
      "session": .text(session.text),
      "base": ["commit": .oid(baseCommit), "tree": .oid(baseTree)], "tree": .oid(tree),
      "decisions": .array(decisions.map { .decision($0) }),
      "acknowledged": .array(
        acknowledged.map { ["rule": .text($0.rule), "path": .bytes($0.path.bytes)] }),
      "source": .text(source.rawValue), "model": .text(model), "verdict": .text(verdict),
      "prompt": .text(promptDigest),
    ]
  }

  // MARK: As a note

  /// The note for a record: a line for people, then the record's line as the ledger has it, then its signature if it has one.
  static func note(
    _ record: ChainRecord, signature: [UInt8]? = nil
  ) throws(RecordError) -> [UInt8] {
    let approval = try ApprovalRecord(record)
    let files = Set(approval.decisions.map(\.file.path)).count
    let count = approval.decisions.count
    let heading =
      "Reviewed with Countersign: \(count) approval\(count == 1 ? "" : "s") in \(files) file\(files == 1 ? "" : "s"), session \(approval.session)\n\n"
    return Array(heading.utf8) + record.line + [UInt8(ascii: "\n")] + (signature ?? [])
  }

  /// The record in a note, and its signature; nil when the note is not one of ours, byte for byte.
  static func record(inNote note: [UInt8]) -> (record: ChainRecord, signature: [UInt8]?)? {
    let lines = note.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard let line = lines.first(where: { $0.first == UInt8(ascii: "{") }),
      let record = try? ChainRecord(alone: Array(line)), let unsigned = try? Self.note(record),
      note.starts(with: unsigned)
    else { return nil }
    let rest = Array(note[unsigned.count...])
    guard rest.isEmpty || ApprovalSigning.isArmoured(rest) else { return nil }
    return (record, rest.isEmpty ? nil : rest)
  }
}
