// Further rounds: what the user can do so that another proposal takes the place of the one under review.

package import Approval
import Diffing

/// What makes a round out of content that is at hand.
package enum RoundReason: Hashable, Sendable {
  case edit
  /// The version of that round was taken up.
  case candidate(round: Int)
}

/// Lines of the new side on their way through the user's editor.
package struct EditedText: Hashable, Sendable {
  package let session: SessionID
  package let path: RepositoryPath
  /// The new lines that the text stands for, 0-based.
  package let lines: Range<Int>
  package var text: [UInt8]
  /// The edit that is put in by hand, where that is what the text is for.
  package let hand: HandEdit?

  package init(
    session: SessionID, path: RepositoryPath, lines: Range<Int>, text: [UInt8],
    hand: HandEdit? = nil
  ) {
    self.hand = hand
    self.session = session
    self.path = path
    self.lines = lines
    self.text = text
  }
}

/// What the model is to propose again.
package struct AgainDraft: Hashable, Sendable {
  package let session: SessionID
  package let path: RepositoryPath
  /// The changed lines in question, by index, ascending; empty only for a repair.
  package let lines: [Int]
  /// The identifiers of the comments that go along.
  package let comments: [Int]
  /// The endpoint that is asked, as it was shown: its name and where it is.
  package private(set) var endpoint: String
  /// The endpoints that can be asked, the session's own first.
  package let endpoints: [String]
  /// Whether the model is to say what it will do before it writes the block.
  package var explainsFirst = false
  /// How many answers are asked for, one after the other. 1 to `AgainDraft.mostCandidates`.
  package var candidateCount = 1
  /// The edit that could not be placed, where that is asked for; `lines` is empty then.
  package let repair: UnplacedItem?
  /// The lines that were shown beside that edit.
  package let place: NearPlace?

  package static let mostCandidates = 5

  package init(
    session: SessionID, path: RepositoryPath, lines: [Int], comments: [Int], endpoint: String,
    otherEndpoints: [String] = [], repair: UnplacedItem? = nil, place: NearPlace? = nil
  ) {
    endpoints = [endpoint] + otherEndpoints
    self.repair = repair
    self.place = place
    self.session = session
    self.path = path
    self.lines = lines
    self.comments = comments
    self.endpoint = endpoint
  }

  /// Lets the next of the endpoints be asked.
  mutating func takeNextEndpoint() {
    let index = endpoints.firstIndex(of: endpoint) ?? 0
    endpoint = endpoints[(index + 1) % endpoints.count]
  }
}

/// Why something cannot be done, as a full sentence.
package struct SpokenProblem: Error, Hashable, Sendable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}

/// How far asking again is.
package struct AgainProgress: Hashable, Sendable {
  package let path: RepositoryPath
  /// Which of the answers asked for, from 1.
  package let candidate: Int
  package let candidateCount: Int
  /// Whether nobody asked for it: an edit of the first answer had no place.
  package let isByItself: Bool
  package let progress: RequestProgress

  package init(
    path: RepositoryPath, candidate: Int, candidateCount: Int, isByItself: Bool = false,
    progress: RequestProgress
  ) {
    self.isByItself = isByItself
    self.path = path
    self.candidate = candidate
    self.candidateCount = candidateCount
    self.progress = progress
  }
}

/// At which end flipping through versions begins; they are in the order of their rounds.
package enum CandidateEnd: Hashable, Sendable { case first, last }

/// A file as it would be with another round's version of some lines.
package struct CandidateVersion: Hashable, Sendable {
  /// The round it is from.
  package let round: Int
  package let state: FileState
  package let content: [UInt8]

  package init(round: Int, state: FileState, content: [UInt8]) {
    self.round = round
    self.state = state
    self.content = content
  }
}

/// Two versions read beside each other, above the review they belong to.
package struct Comparison: Sendable {
  package enum Kind: Hashable, Sendable {
    case rounds(from: Int, to: Int)
    case candidates(RepositoryPath, [CandidateVersion], index: Int)
  }

  /// The review to go back to; what happens to its session meanwhile happens to it.
  package var below: ReviewState
  package var kind: Kind
}

extension SessionID {
  /// Names the comparison of rounds of this session; no session on disk has such a name.
  package var comparison: SessionID {
    guard let id = SessionID(text.prefix(52) + "-comparison") else { return self }
    return id
  }
}

extension ReviewState {
  /// What this review shares with `older`, the same session before another round: how it is looked at, and what was loaded and seen of
  /// files that are the same.
  package mutating func takeOver(from older: ReviewState) {
    preferredMode = older.preferredMode
    wraps = older.wraps
    showsFilePane = older.showsFilePane
    showsWhitespace = older.showsWhitespace
    contextLines = older.contextLines
    paneFilter = older.paneFilter
    again = older.again
    movedTip = older.movedTip
    for (index, file) in proposal.files.enumerated() {
      guard let before = older.proposal.index(of: file.path),
        case .loaded(let change, let findings) = older.files[before]
      else { continue }
      // Asked of what was loaded, not of a list beside it: what is shown must be what is decided on.
      guard change.file == file else {
        if let diff = change.diff, let lines = older.seen[before] {
          seenBefore[file.path] = (diff, lines)
        }
        continue
      }
      files[index] = older.files[before]
      pendingCount -= 1
      keep(index)
      seen[index] = older.seen[before]
      if older.seenWhole.contains(before) { seenWhole.insert(index) }
      acknowledged.formUnion(older.acknowledged.intersection(findings))
      boundaries[index] = older.boundaries[before]
      refreshTally(ofFile: index)
    }
  }

  /// Takes over what was seen of a file in the round before: what is the same change was drawn there already.
  mutating func takeUpSeenBefore(ofFile index: Int) {
    let path = proposal.files[index].path
    guard let before = seenBefore.removeValue(forKey: path), !ledger.hasMovedBase,
      let diff = files[index].change?.diff
    else { return }
    let same = before.diff.sameChanges(in: diff)
    var lines = seen[index] ?? LineSelection()
    for line in before.lines.lines { if let line = same[line] { lines.insert(line) } }
    seen[index] = lines
  }
}
