// Versions of some lines that other rounds have.

import Approval
import Diffing
import GitStore
import Review

/// Finds what other rounds have in the place of some lines of the round that stands.
struct CandidateFinder: Sendable {
  let surroundings: Surroundings

  /// The file as it would be with another round's version of the lines around `oldLines` of the base; versions that are the same come
  /// once, in the order of rounds.
  func versions(
    _ history: SessionHistory, path: RepositoryPath, oldLines: Range<Int>
  ) async throws -> [CandidateVersion] {
    guard let ledger = history.ledger, let index = ledger.proposal.index(of: path) else {
      return []
    }
    let file = ledger.proposal.files[index]
    guard let diff = try await surroundings.fileChange(file).diff, let now = file.new else {
      return []
    }
    var versions: [CandidateVersion] = []
    for (number, round) in history.rounds.sorted(by: { $0.key < $1.key })
    where number != ledger.roundNumber {
      guard let place = round.proposal.index(of: path) else { continue }
      let other = round.proposal.files[place]
      guard other.old == file.old, other.new != file.new, let new = other.new, new.mode == now.mode,
        let version = try await surroundings.fileChange(other).diff
      else { continue }
      let content = diff.taking(version, around: oldLines)
      guard content != diff.new.bytes, !versions.contains(where: { $0.content == content }) else {
        continue
      }
      let state = FileState(
        mode: now.mode, blob: try await surroundings.repository.writeBlob(content))
      versions.append(CandidateVersion(round: number, state: state, content: content))
    }
    return versions
  }
}
