// Where a hunk comes from: the round that brought it, the model and how it was asked, and how the edit was placed.

import Approval
import AuditLog
import Diffing
import Review

/// Traces changed lines of the round that stands back to the round that brought them.
struct Provenance: Sendable {
  let surroundings: Surroundings

  /// The origin of a hunk as lines for a person, all from the ledger.
  ///
  /// - Parameters:
  ///   - lines: its changed lines, by index; empty for a file that is decided on as a whole.
  ///   - newLines: its lines on the new side.
  ///   - rungs: how its edits were placed, as the round has it.
  func text(
    of history: SessionHistory, path: RepositoryPath, lines: [Int], newLines: Range<Int>,
    rungs: [String]
  ) async throws -> [UInt8] {
    guard let ledger = history.ledger, ledger.proposal.index(of: path) != nil else {
      throw RoundProblem.gone(path)
    }
    let (round, maker) = try await origin(of: path, lines, history, ledger)
    var rows: [(String, String)] = [
      ("file", DisplayedBytes.text(of: path.bytes)),
      (
        "lines",
        lines.isEmpty
          ? "the whole file"
          : newLines.isEmpty
            ? "none on the new side"
            : "\(newLines.lowerBound + 1) to \(newLines.upperBound), new side"
      ),
      (
        "came with",
        "\(words(round, history)), round \(round.number) of \(history.rounds.count)"
      ),
    ]
    if maker.number != round.number {
      rows.append(("made in", "\(words(maker, history)), round \(maker.number)"))
    }
    if let item = placed(by: maker, history) {
      let wanted = TextFile(item.wanted)
      let first = wanted.lineCount > 0 ? Array(wanted.lineContent(0)) : item.text
      rows.append(
        (
          "in place of",
          "the edit that wanted to find “\(DisplayedBytes.text(of: first, limit: 60))”"
        ))
    }
    if !rungs.isEmpty { rows.append(("placed", rungs.joined(separator: "; "))) }
    rows += model(maker, history)
    let width = 12
    let text = rows.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value + "\n"
    }
    return Array(text.joined().utf8)
  }

  /// The earliest of the rounds that stand from which on the lines are the same; for a version that was taken up, also the round that made it.
  private func origin(
    of path: RepositoryPath, _ lines: [Int], _ history: SessionHistory, _ ledger: DecisionLedger
  ) async throws -> (round: SessionRound, maker: SessionRound) {
    guard var found = history.round, let index = ledger.proposal.index(of: path) else {
      throw RoundProblem.noProposal
    }
    let now = ledger.proposal.files[index]
    let diff = try await surroundings.fileChange(now).diff
    func hasLines(_ round: SessionRound) async throws -> Bool {
      guard let place = round.proposal.index(of: path) else { return false }
      let file = round.proposal.files[place]
      guard file != now else { return true }
      guard let diff, !lines.isEmpty, let other = try await surroundings.fileChange(file).diff
      else { return false }
      let same = diff.sameChanges(in: other)
      return lines.allSatisfy { same[$0] != nil }
    }
    for number in ledger.standingRounds.dropLast().reversed() {
      guard let round = history.rounds[number], try await hasLines(round) else { break }
      found = round
    }
    guard found.origin == .candidate else { return (found, found) }
    for (_, round) in history.rounds.sorted(by: { $0.key < $1.key })
    where round.origin != .candidate {
      if try await hasLines(round) { return (found, round) }
    }
    return (found, found)
  }

  private func model(_ round: SessionRound, _ history: SessionHistory) -> [(String, String)] {
    switch round.origin {
    case .request where history.start.source == .model,
      .placed where history.start.source == .model:
      rows(history.firstUse)
    case .again: history.question(ofRound: round.number).map { rows($0.use) } ?? Self.untraced
    case .request: [("model", "none")]
    case .edit: [("model", "none for what you wrote; the ledger has the rounds before")]
    // A model may have written it in another round, where it looked otherwise.
    case .candidate, .hook, .movedBase, .placed, .dropped: Self.untraced
    }
  }

  /// The edit without a place that a round was made for.
  private func placed(by round: SessionRound, _ history: SessionHistory) -> UnplacedItem? {
    guard history.question(ofRound: round.number)?.isRepair == true || round.origin == .placed,
      let before = history.rounds.keys.filter({ $0 < round.number }).max(),
      let earlier = history.rounds[before]
    else { return nil }
    return earlier.unplaced.first { !round.unplaced.contains($0) }
  }

  private static let untraced = [("model", "not traced; the ledger has the rounds before")]

  private func rows(_ use: ModelUse) -> [(String, String)] {
    let sampling =
      use.verdict == "REPLAY"
      ? "as recorded; nobody was asked" : use.sampling?.words ?? "not recorded"
    return [
      ("model", use.model),
      ("digest", use.modelDigest.isEmpty ? "not told by the server" : use.modelDigest),
      ("server", use.endpoint.isEmpty ? use.verdict : "\(use.endpoint), \(use.verdict)"),
      ("sampling", sampling), ("prompt", "sha256 \(use.promptDigest)"),
    ].map { ($0.0, DisplayedBytes.text(of: Array($0.1.utf8))) }
  }

  private func words(_ round: SessionRound, _ history: SessionHistory) -> String {
    switch round.origin {
    case .request: history.isRest ? "what an earlier session left" : "the request"
    case .again where history.question(ofRound: round.number)?.isByItself == true:
      "an answer for an edit without a place, asked again by itself"
    case .again: "an answer to asking again"
    case .edit: "your edit"
    case .candidate: "a version you took up"
    case .placed: "an edit of the answer, put where you chose"
    case .dropped: "an edit you dropped"
    case .hook: "what a hook of the commit made"
    case .movedBase: "the move onto the tip"
    }
  }
}
