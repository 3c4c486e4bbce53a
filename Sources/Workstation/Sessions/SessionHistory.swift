// What a session's ledger says, folded from its records.

package import Approval
package import AuditLog
package import Diffing
package import Digest
package import Review
import Scanner

/// A finding that was acknowledged, as recorded.
package struct AcknowledgedFinding: Hashable, Sendable {
  package let rule: String
  /// The version of the file it was acknowledged in; nil when the round had no such file.
  package let file: ProposedFile?
  package let path: [UInt8]
  package let newLine: Int?
  package let sentence: String
}

/// The model was asked again; question and answer are kept beside the ledger under this number.
package struct AskedAgain: Hashable, Sendable {
  package let number: Int
  /// The file that it was asked about.
  package let path: RepositoryPath
  /// Whether it was for an edit that could not be placed.
  package let isRepair: Bool
  /// Whether the program asked without being told to.
  package let isByItself: Bool
  /// SHA-256 of the body when the question was recorded; its round has the same.
  package let promptDigest: String
  /// As it was sent last.
  package fileprivate(set) var use: ModelUse
}

/// Everything a ledger says, in order.
package struct SessionHistory: Sendable {
  package let start: SessionStart
  /// Every round by its number, candidates that do not stand among them.
  package private(set) var rounds: [Int: SessionRound] = [:]
  package private(set) var ledger: DecisionLedger?
  /// Changed lines that were drawn, per version of a file.
  package private(set) var shown: [ProposedFile: [EditScript]] = [:]
  /// By their identifiers, the withdrawn ones left out.
  package private(set) var comments: [Int: ReviewComment] = [:]
  /// The identifier that the next comment gets.
  package private(set) var nextComment = 0
  /// Where hunks were split: old lines at which a change group begins a hunk of its own.
  package private(set) var splits: [RepositoryPath: Set<Int>] = [:]
  package private(set) var acknowledged: [AcknowledgedFinding] = []
  /// Every time the model was asked again, in order.
  package private(set) var asked: [AskedAgain] = []
  /// The number of the question that each round answers, by the round's number.
  private var questions: [Int: Int] = [:]
  /// The verdicts on endpoints that were asked, each once, in order; what a review without a model says of that, too.
  package private(set) var verdicts: [String]
  /// The verdict on the endpoint that was asked last.
  package private(set) var verdict: String {
    didSet { if !verdicts.contains(verdict) { verdicts.append(verdict) } }
  }
  /// The question for the first round, as it was sent last.
  package private(set) var firstUse: ModelUse
  /// SHA-256 of the exact body that was sent for the first round; empty without a model.
  package var promptDigest: String { firstUse.promptDigest }
  /// Digests of the commit messages that models wrote here, with the model of each.
  package private(set) var drafts: [(digest: SHA256Digest, model: String)] = []
  package private(set) var commits: [ObjectID] = []
  /// What was approved when a commit was last asked for.
  package private(set) var approval: ChainRecord?
  /// Signatures under approvals, by the digest of the record that they are under.
  package private(set) var signatures: [SHA256Digest: [UInt8]] = [:]
  /// What checks said of trees, in order.
  package private(set) var checks: [CheckResult] = []
  package private(set) var failure: String?
  /// Whether the first answer is there, whole.
  package private(set) var isAnswered = false
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
    verdict = start.verdict
    verdicts = [start.verdict]
    firstUse = start.use
    for record in records.dropFirst() { try apply(record) }
  }

  /// What the ledger of a session says that has nothing but its first round.
  init(_ start: SessionStart, _ round: SessionRound) {
    self.start = start
    verdict = start.verdict
    verdicts = [start.verdict]
    firstUse = start.use
    rounds = [round.number: round]
    ledger = DecisionLedger(proposal: round.proposal)
  }

  /// The round that stands.
  package var round: SessionRound? { ledger.flatMap { rounds[$0.roundNumber] } }

  /// The number that the next question to the model gets.
  package var nextAsk: Int { (asked.map(\.number).max() ?? 0) + 1 }

  /// The questions whose answers became rounds that stand, in order.
  package var askedAndStanding: [AskedAgain] {
    let standing = Set((ledger?.standingRounds ?? []).compactMap { questions[$0] })
    return asked.filter { standing.contains($0.number) }
  }

  /// The questions whose answers became rounds, standing or not, in order.
  package var answered: [AskedAgain] {
    let numbers = Set(questions.values)
    return asked.filter { numbers.contains($0.number) }
  }

  /// The question that a round answers; nil for a round that no asking again brought.
  package func question(ofRound number: Int) -> AskedAgain? {
    questions[number].flatMap { question in asked.last { $0.number == question } }
  }

  /// Whether it began with what an earlier session of a model's work left, and nothing was asked for that.
  package var isRest: Bool { start.source == .model && !isAnswered && rounds[1] != nil }

  /// How many versions of a file came of asking again, whatever became of them.
  package var againCounts: [RepositoryPath: Int] {
    rounds.keys.compactMap { question(ofRound: $0) }.filter { !$0.isRepair }
      .reduce(into: [:]) { $0[$1.path, default: 0] += 1 }
  }

  /// The number that the next round gets.
  package var nextRoundNumber: Int { (rounds.keys.max() ?? 0) + 1 }

  /// Takes in the record that follows.
  mutating func apply(_ record: ChainRecord) throws(RecordError) {
    let reader = RecordReader(record: record)
    switch record.kind {
    case "proposal": try applyRound(reader)
    case "candidate":
      let round = try SessionRound(reader)
      guard rounds[round.number] == nil else { throw reader.fail("this round is there already") }
      keep(round)
    case "decision": try append(.decision(try reader.decision()), reader)
    case "undo": try append(.undo(of: try reader.int("of")), reader)
    case "redo": try append(.redo(of: try reader.int("of")), reader)
    case "shown":
      let script = try reader.script(try reader.member("lines"))
      if let file = file(at: RepositoryPath(try reader.bytes("path"))) {
        shown[file, default: []].append(script)
      }
    case "comment":
      let comment = try reader.comment()
      comments[comment.id] = comment.text.isEmpty ? nil : comment
      nextComment = max(nextComment, comment.id + 1)
    case "split":
      let starts = try reader.array("starts").compactMap(\.intValue)
      splits[RepositoryPath(try reader.bytes("path"))] = Set(starts)
    case "acknowledged":
      acknowledged.append(
        AcknowledgedFinding(
          rule: try reader.string("rule"),
          file: file(at: RepositoryPath(try reader.bytes("path"))),
          path: try reader.bytes("path"), newLine: try reader.member("line").intValue,
          sentence: try reader.string("sentence")))
    case "answer":
      failure = nil
      isAnswered = true
    case "asked-again":
      let use = try ModelUse(reader)
      verdict = use.verdict
      asked.append(
        AskedAgain(
          number: try reader.int("ask"), path: RepositoryPath(try reader.bytes("path")),
          isRepair: record.body["repair"]?.boolValue ?? false,
          isByItself: record.body["by_itself"]?.boolValue ?? false, promptDigest: use.promptDigest,
          use: use))
    case "sent":
      let number = record.body["ask"]?.intValue
      let index = asked.lastIndex { $0.number == number }
      let use = try ModelUse(reader, before: index.map { asked[$0].use } ?? firstUse)
      verdict = use.verdict
      if let index { asked[index].use = use } else { firstUse = use }
    case "asked-message": verdict = try reader.string("verdict")
    case "message":
      guard let digest = SHA256Digest(hex: try reader.string("sha256")) else {
        throw reader.fail("\"sha256\" is no digest")
      }
      drafts.append((digest, try reader.string("model")))
    case "failed": failure = try reader.string("reason")
    case "cancelled": isCancelled = true
    case "discarded": isDiscarded = true
    case "restored": isDiscarded = false
    case "check": checks.append(try reader.check())
    case ApprovalRecord.kind: approval = record
    case "signature":
      guard let digest = SHA256Digest(hex: try reader.string("of")) else {
        throw reader.fail("\"of\" is no digest")
      }
      signatures[digest] = Array(try reader.string("signature").utf8)
    case "commit":
      guard let id = try reader.oid("commit") else { throw reader.fail("no \"commit\"") }
      commits.append(id)
    case "commit-undone":
      guard let id = try reader.oid("commit") else { throw reader.fail("no \"commit\"") }
      commits.removeAll { $0 == id }
    default: throw reader.fail("this kind of record is unknown to this version")
    }
  }

  private mutating func keep(_ round: SessionRound) {
    rounds[round.number] = round
    guard !round.promptDigest.isEmpty else { return }
    // The same body may have been sent before, to another server even: the last one is the one that was answered.
    questions[round.number] = asked.last { $0.promptDigest == round.promptDigest }?.number
  }

  private mutating func applyRound(_ reader: RecordReader) throws(RecordError) {
    let round = try SessionRound(reader)
    guard rounds[round.number] == nil else { throw reader.fail("this round is there already") }
    keep(round)
    guard ledger != nil else {
      guard round.number == 1, round.proposal.baseTree == start.baseTree,
        round.proposal.baseCommit == start.baseCommit
      else { throw reader.fail("the first round is not on the session's base") }
      ledger = DecisionLedger(proposal: round.proposal)
      return
    }
    var carried: [DecisionRecord] = []
    for value in try reader.array("carried") { carried.append(try reader.decision(value)) }
    try append(
      .round(
        RoundRecord(
          sequence: try reader.int("n"), number: round.number, proposal: round.proposal,
          carried: carried)), reader)
  }

  /// The version of a file that the round that stands proposes.
  private func file(at path: RepositoryPath) -> ProposedFile? {
    guard let proposal = ledger?.proposal, let index = proposal.index(of: path) else { return nil }
    return proposal.files[index]
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
  ///
  /// - Parameter progress: how far its request is, while it waits or is being answered.
  package func summary(asking progress: RequestProgress? = nil) -> SessionSummary {
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
    } else if let progress {
      standing = .asking(progress)
    } else {
      standing = .failed(
        "Countersign ended while the model was at work; ask again. What it had written is kept.")
    }
    return SessionSummary(
      id: start.id, title: start.title, standing: standing, created: start.created,
      verdict: verdict, model: start.model, when: SessionNaming.date(start.created))
  }
}
