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

/// An entry of the ledger that bears on decisions.
package enum LedgerEntry: Hashable, Sendable {
  case decision(DecisionRecord)
  /// Takes back the decision with this sequence number.
  case undo(of: Int)
  /// Takes the decision back up.
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
