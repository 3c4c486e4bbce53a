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
  func text(
    of history: SessionHistory, path: RepositoryPath, lines: [Int], newLines: Range<Int>
  ) async throws -> [UInt8] {
    guard let ledger = history.ledger, let standing = history.round,
      ledger.proposal.index(of: path) != nil
    else { throw RoundProblem.gone(path) }
    let round = try await origin(of: path, lines, history, ledger)
    var rows: [(String, String)] = [
      ("file", DisplayedBytes.text(of: path.bytes)),
      (
        "lines",
        newLines.isEmpty
          ? "none on the new side"
          : "\(newLines.lowerBound + 1) to \(newLines.upperBound), new side"
      ),
      (
        "came with", "\(Self.words(round.origin)), round \(round.number) of \(history.rounds.count)"
      ),
    ]
    let rungs = (standing.placements[path] ?? [])
      .filter { $0.newLines.overlaps(newLines) || newLines.contains($0.newLines.lowerBound) }
      .map(\.rung)
    if !rungs.isEmpty { rows.append(("placed", Self.unique(rungs).joined(separator: "; "))) }
    rows += model(round, history)
    let width = 12
    let text = rows.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value + "\n"
    }
    return Array(text.joined().utf8)
  }

  /// The earliest of the rounds that stand from which on the lines are the same.
  private func origin(
    of path: RepositoryPath, _ lines: [Int], _ history: SessionHistory, _ ledger: DecisionLedger
  ) async throws -> SessionRound {
    guard var found = history.round, let index = ledger.proposal.index(of: path) else {
      throw RoundProblem.noProposal
    }
    let now = ledger.proposal.files[index]
    let diff = try await surroundings.fileChange(now).diff
    for number in ledger.standingRounds.dropLast().reversed() {
      guard let round = history.rounds[number], let place = round.proposal.index(of: path) else {
        break
      }
      let file = round.proposal.files[place]
      if file != now {
        guard let diff, !lines.isEmpty, let other = try await surroundings.fileChange(file).diff
        else { break }
        let same = diff.sameChanges(in: other)
        guard lines.allSatisfy({ same[$0] != nil }) else { break }
      }
      found = round
    }
    return found
  }

  private func model(
    _ round: SessionRound, _ history: SessionHistory
  ) -> [(String, String)] {
    func rows(
      _ model: String, _ digest: String, _ endpoint: String, _ verdict: String,
      _ sampling: Sampling?, _ prompt: String
    ) -> [(String, String)] {
      [
        ("model", model), ("digest", digest.isEmpty ? "not told by the server" : digest),
        ("server", endpoint.isEmpty ? verdict : "\(endpoint), \(verdict)"),
        ("sampling", sampling?.words ?? "not recorded"), ("prompt", "sha256 \(prompt)"),
      ].map { ($0.0, DisplayedBytes.text(of: Array($0.1.utf8))) }
    }
    switch round.origin {
    case .request where history.start.source == .model:
      let start = history.start
      return rows(
        start.model, start.modelDigest, start.endpoint, start.verdict, start.sampling,
        history.promptDigest)
    case .again:
      guard let asked = history.asked.last(where: { $0.promptDigest == round.promptDigest }) else {
        return [("model", "not recorded")]
      }
      return rows(
        asked.model, asked.modelDigest, asked.endpoint, asked.verdict, asked.sampling,
        asked.promptDigest)
    case .request, .edit, .candidate, .hook, .movedBase: return [("model", "none")]
    }
  }

  private static func words(_ origin: RoundOrigin) -> String {
    switch origin {
    case .request: "the request"
    case .again: "an answer to asking again"
    case .edit: "your edit"
    case .candidate: "a version you took up"
    case .hook: "what a hook of the commit made"
    case .movedBase: "the move onto the tip"
    }
  }

  private static func unique(_ words: [String]) -> [String] {
    var seen = Set<String>()
    return words.filter { seen.insert($0).inserted }
  }
}
