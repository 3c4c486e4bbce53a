// What the store writes it reads back, and what the ledger says is what was decided.

import TestSupport
import Approval
import AuditLog
import Diffing
import Digest
import Glibc
import Review
import Testing

@testable import Workstation

struct SessionStoreTests {
  private static let id = ObjectID(hex: String(repeating: "a", count: 40))!
  private static let other = ObjectID(hex: String(repeating: "b", count: 40))!
  private let scratch = Scratch()
  private var directory: String { String(decoding: scratch.path, as: UTF8.self) }

  private var file: ProposedFile {
    ProposedFile(
      path: RepositoryPath([0x61, 0xff, 0x2f, 0x62]),
      old: FileState(mode: .regular, blob: Self.id),
      new: FileState(mode: .executable, blob: Self.other))
  }

  private var start: SessionStart {
    SessionStart(
      id: SessionID("s-1")!, created: 1_700_000_000, title: "a title", instruction: "do\nthis",
      files: [file.path], baseCommit: Self.id, baseTree: Self.other, branch: "refs/heads/main",
      source: .model, endpoint: "box", verdict: "LOCAL unix", model: "m", promptDigest: "")
  }

  private var round: SessionRound {
    SessionRound(
      number: 1,
      proposal: Proposal(
        baseCommit: Self.id, baseTree: Self.other, tree: Self.id, files: [file]),
      placements: [file.path: [PlacedRange(newLines: 3..<5, rung: "exact")]],
      unplaced: [
        UnplacedItem(
          path: [0x78], reason: "no", text: [0xfe], wanted: [],
          places: [NearPlace(line: 4, text: [10])])
      ])
  }

  @Test func `a record that could not be read back is not written`() throws {
    let store = SessionStore(gitCommonDirectory: scratch.path)
    try store.create(NewSession(start: start, round: round))
    let id = start.id
    // One that does not follow, one that is half taken in before that shows, and one of no known kind.
    #expect(throws: (any Error).self) {
      try store.append(id, kind: "undo", body: ["of": .exact(7)])
    }
    let second = SessionRound(
      number: 2, origin: .edit, proposal: round.proposal, placements: [:], unplaced: [])
    let foreign = DecisionRecord(
      sequence: 3, file: file, unit: .whole, verdict: .approved, reason: "")
    #expect(throws: (any Error).self) {
      try store.append(
        id, kind: "proposal", body: second.body(following: 0, carried: [foreign]))
    }
    #expect(throws: (any Error).self) { try store.append(id, kind: "unheard-of", body: [:]) }
    #expect(try store.history(of: id).rounds.keys.sorted() == [1])
    try store.append(id, kind: "proposal", body: second.body(following: 0, carried: []))
    store.close(id)
    let fresh = SessionStore(gitCommonDirectory: scratch.path)
    #expect(try fresh.openHistory(of: id).rounds.keys.sorted() == [1, 2])
    #expect(try fresh.head(of: id).count == 3)
  }

  @Test func `what a session records is what the next start reads`() throws {
    let diff = FileDiff.between(
      TextFile(Array("a\nb\nc\n".utf8)), TextFile(Array("a\nB\nc\nd\n".utf8)))
    let script = diff.editScript(of: LineSelection([0, 2]))
    let record = DecisionRecord(
      sequence: 0, file: file,
      unit: .lines(script, digest: LinesDigest.of(script, old: diff.old, new: diff.new)),
      verdict: .approved, reason: "fine")
    let mode = DecisionRecord(sequence: 1, file: file, unit: .mode, verdict: .rejected)
    do {
      let store = SessionStore(gitCommonDirectory: scratch.path)
      try store.create(start)
      try store.append(start.id, kind: "proposal", body: round.body)
      try store.append(
        start.id,
        [
          .shown(file.path, script, columns: 120, rows: 36), .entry(.decision(record)),
          .entry(.decision(mode)), .entry(.undo(of: 1)), .entry(.redo(of: 1)),
        ])
      try store.savePlace(start.id, ReadingPlace(path: file.path, changedLine: 7))
    }
    let store = SessionStore(gitCommonDirectory: scratch.path)
    let history = try store.openHistory(of: start.id)
    #expect(history.start == start)
    #expect(history.round?.proposal == round.proposal)
    #expect(history.round?.placements == round.placements)
    #expect(history.round?.unplaced == round.unplaced)
    #expect(history.ledger?.decisionsInForce == [record, mode])
    #expect(history.shown == [file: [script]])
    #expect(store.place(start.id) == ReadingPlace(path: file.path, changedLine: 7))
    #expect(store.summaries(asking: [:]).map(\.standing) == [.inReview(decisions: 2)])
    #expect(try store.session(matching: "s") == start.id)
  }

  @Test func `a session is opened by one program at a time`() throws {
    let first = SessionStore(gitCommonDirectory: scratch.path)
    try first.create(start)
    let second = SessionStore(gitCommonDirectory: scratch.path)
    #expect(throws: (any Error).self) { try second.openHistory(of: start.id) }
    first.close(start.id)
    #expect(try second.openHistory(of: start.id).start == start)
  }

  @Test func `a session put away can be brought back, and neither twice`() throws {
    let store = SessionStore(gitCommonDirectory: scratch.path)
    try store.create(start)
    try store.setDiscarded(start.id, true)
    #expect(throws: StandingProblem.alreadyDiscarded(start.id)) {
      try store.setDiscarded(start.id, true)
    }
    try store.setDiscarded(start.id, false)
    #expect(try store.history(of: start.id).isDiscarded == false)
  }
}
