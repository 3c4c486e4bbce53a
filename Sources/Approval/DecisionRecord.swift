// What the ledger keeps of one decision, and of taking it back.

package import Diffing
package import Digest

/// What the human says of lines or of a file.
package enum Verdict: String, Hashable, Sendable {
  case undecided
  case approved
  case rejected
}

/// What a decision is about.
package enum DecisionUnit: Hashable, Sendable {
  /// Changed lines of a text file; the digest covers their bytes (see `LinesDigest`).
  case lines(EditScript, digest: SHA256Digest)
  /// Everything about a file that is not decided on by lines.
  case whole
  /// The mode of a text file.
  case mode
}

/// One decision as the ledger records it; binds path, both sides and the bytes decided on (invariant I7).
package struct DecisionRecord: Hashable, Sendable {
  /// Position in the ledger, ascending.
  package let sequence: Int
  package let file: ProposedFile
  package let unit: DecisionUnit
  package let verdict: Verdict
  /// Why, in the human's words; empty when not said.
  package let reason: String

  package init(
    sequence: Int, file: ProposedFile, unit: DecisionUnit, verdict: Verdict, reason: String = ""
  ) {
    self.sequence = sequence
    self.file = file
    self.unit = unit
    self.verdict = verdict
    self.reason = reason
  }
}

/// A further proposal of the same session, and the decisions that hold on it too.
package struct RoundRecord: Hashable, Sendable {
  /// Position in the ledger, ascending with those of decisions.
  package let sequence: Int
  /// Names the round within its session, ascending from 2; the session's first proposal is round 1.
  package let number: Int
  package let proposal: Proposal
  /// Decisions of the round before on changes that are the same here, on the files of `proposal`; each keeps the sequence number of the
  /// decision it comes from. See `CarriedDecisions`.
  package let carried: [DecisionRecord]

  package init(sequence: Int, number: Int, proposal: Proposal, carried: [DecisionRecord]) {
    self.sequence = sequence
    self.number = number
    self.proposal = proposal
    self.carried = carried
  }
}

/// An entry of the ledger that bears on decisions.
package enum LedgerEntry: Hashable, Sendable {
  case decision(DecisionRecord)
  /// Puts another proposal in the place of the one before.
  case round(RoundRecord)
  /// Takes back the decision or round with this sequence number.
  case undo(of: Int)
  /// Takes the decision or round back up.
  case redo(of: Int)
}

/// The digest that binds a decision to the bytes that were decided on.
package enum LinesDigest {
  /// SHA-256 over `-` and the bytes of each removed line, then `+` and the bytes of each added line, in ascending order per side, each
  /// line preceded by its length in bytes as decimal digits and a colon.
  package static func of(_ script: EditScript, old: TextFile, new: TextFile) -> SHA256Digest {
    var message: [UInt8] = []
    func append(_ sign: Character, _ line: ArraySlice<UInt8>) {
      message += "\(sign)\(line.count):".utf8
      message += line
    }
    for line in script.removed.joined() { append("-", old.line(line)) }
    for line in script.inserted.map(\.newLines).joined() { append("+", new.line(line)) }
    return SHA256Digest.of(message)
  }
}
