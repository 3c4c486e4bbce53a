// One round of a session, as its record has it.

package import Approval
import AuditLog
import Diffing
package import Review

/// What made a round.
package enum RoundOrigin: String, Hashable, Sendable {
  /// The request, or what another tool wrote: the first round.
  case request
  /// The model, asked again from comments and rejections.
  case again
  /// The human, in the editor.
  case edit
  /// A version of an earlier round, taken up by the human.
  case candidate
  /// A hook of the commit, which changed what was approved.
  case hook
  /// The branch moved on, and the session with it.
  case movedBase = "moved-base"
  /// An edit that had no place, put where the human chose.
  case placed
  /// The human, who dropped an edit that could not be placed; the tree is as it was.
  case dropped
}

/// One round: a proposal, how its edits were placed, and what could not be placed.
package struct SessionRound: Sendable {
  package let number: Int
  package let origin: RoundOrigin
  package let proposal: Proposal
  package let placements: [RepositoryPath: [PlacedRange]]
  package let unplaced: [UnplacedItem]
  /// SHA-256 of the exact body sent for this round, when a model was asked again; else empty.
  package let promptDigest: String

  package init(
    number: Int, origin: RoundOrigin = .request, proposal: Proposal,
    placements: [RepositoryPath: [PlacedRange]], unplaced: [UnplacedItem],
    promptDigest: String = ""
  ) {
    self.number = number
    self.origin = origin
    self.proposal = proposal
    self.placements = placements
    self.unplaced = unplaced
    self.promptDigest = promptDigest
  }

  /// The body of a record that puts this round in the place of the one before.
  func body(following sequence: Int, carried: [DecisionRecord]) -> JSONValue {
    .object(
      JSONObject(
        members + [
          ("n", .exact(sequence)), ("carried", .array(carried.map { .decision($0) })),
        ]))
  }

  /// The body of a first round's record, or a candidate's.
  var body: JSONValue { .object(JSONObject(members)) }

  private var members: [(JSONText, JSONValue)] {
    let placed: [JSONValue] = placements.sorted { $0.key < $1.key }.map { path, ranges in
      [
        "path": .bytes(path.bytes),
        "ranges": .array(
          ranges.map { ["new": .lines($0.newLines), "rung": .text($0.rung)] }),
      ]
    }
    return [
      ("round", .exact(number)), ("origin", .text(origin.rawValue)),
      ("base", ["commit": .oid(proposal.baseCommit), "tree": .oid(proposal.baseTree)]),
      ("prompt", .text(promptDigest)), ("tree", .text(proposal.tree.hex)),
      ("files", .array(proposal.files.map { .file($0) })), ("placed", .array(placed)),
      ("unplaced", .array(unplaced.map { .unplaced($0) })),
    ]
  }

  init(_ reader: RecordReader) throws(RecordError) {
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
      unplaced.append(try reader.unplaced(value))
    }
    guard let origin = RoundOrigin(rawValue: try reader.string("origin")) else {
      throw reader.fail("\"origin\" is none of ours")
    }
    let base = try reader.member("base")
    guard let baseTree = try reader.oid("tree", of: base) else {
      throw reader.fail("the base has no tree")
    }
    self.init(
      number: try reader.int("round"), origin: origin,
      proposal: Proposal(
        baseCommit: try reader.oid("commit", of: base), baseTree: baseTree, tree: tree,
        files: files),
      placements: placements, unplaced: unplaced, promptDigest: try reader.string("prompt"))
  }
}
