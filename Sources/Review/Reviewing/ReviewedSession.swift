// What a review is told of its session when it opens: name, heading, unplaced edits, earlier acknowledgements.

package import Approval
package import Diffing

/// The name of a session; safe as a file name and as a ref component.
package struct SessionID: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// Returns nil unless `text` is 1 to 64 letters, digits or `-`.
  package init?(_ text: String) {
    let isAllowed: (UInt8) -> Bool = {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed),
      text.utf8.first != UInt8(ascii: "-")
    else { return nil }
    self.text = text
  }

  package var description: String { text }
}

/// What identifies a session on the review screen.
package struct SessionHeading: Hashable, Sendable {
  package let id: SessionID
  /// The first line of the request, or what is reviewed.
  package let title: String
  package let round: Int
  package let branch: String
  /// The verdict on the endpoint that was asked last and where it is, such as `LOCAL unix`; a review without a model says so.
  package var verdict: String
  package let model: String

  package init(
    id: SessionID, title: String, round: Int, branch: String, verdict: String, model: String
  ) {
    self.id = id
    self.title = title
    self.round = round
    self.branch = branch
    self.verdict = verdict
    self.model = model
  }
}

/// How a range of new lines got its place, for the hunk's title.
package struct PlacedRange: Hashable, Sendable {
  package let newLines: Range<Int>
  /// `exact`, `whitespace`, `indentation`, …
  package let rung: String

  package init(newLines: Range<Int>, rung: String) {
    self.newLines = newLines
    self.rung = rung
  }
}

extension ReviewState {
  /// How the edits of a hunk of the current file were placed, each way once.
  package func rungs(of hunk: Hunk) -> [String] {
    let path = proposal.files[fileIndex].path
    return (placements[path] ?? []).reduce(into: []) { rungs, range in
      guard
        range.newLines.overlaps(hunk.newRange) || hunk.newRange.contains(range.newLines.lowerBound),
        !rungs.contains(range.rung)
      else { return }
      rungs.append(range.rung)
    }
  }
}

/// A finding that was acknowledged in an earlier run, as the ledger has it.
package struct RecordedAcknowledgement: Hashable, Sendable {
  package let rule: String
  /// The version of the file it was acknowledged in.
  package let file: ProposedFile
  /// The 0-based line on the new side; nil when it was about the file.
  package let line: Int?
  package let sentence: String

  package init(rule: String, file: ProposedFile, line: Int?, sentence: String) {
    self.rule = rule
    self.file = file
    self.line = line
    self.sentence = sentence
  }
}
