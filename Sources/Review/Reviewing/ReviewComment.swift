// Comments on lines: what the user says of them, and where they are found again in another round.

package import Approval
package import Diffing

/// Where a comment belongs: lines of one side, found again by their content.
package struct CommentAnchor: Hashable, Sendable {
  package enum Side: String, Hashable, Sendable { case old, new }

  package let side: Side
  /// The first line when the comment was written, 0-based; only chooses among equal places.
  package let line: Int
  /// The lines with their terminators; never empty.
  package let lines: [[UInt8]]

  /// - Precondition: `lines` is not empty.
  package init(side: Side, line: Int, lines: [[UInt8]]) {
    precondition(!lines.isEmpty, "an anchor without lines")
    self.side = side
    self.line = line
    self.lines = lines
  }

  /// The lines it stands for in `diff`: the place with this content that is nearest to where it was; nil when there is none. O(lines of
  /// the side).
  package func range(in diff: FileDiff) -> Range<Int>? {
    let file = side == .old ? diff.old : diff.new
    guard lines.count <= file.lineCount else { return nil }
    let last = file.lineCount - lines.count
    let start = min(line, last)
    // Outwards from where it was: mostly it is still there.
    for distance in 0...max(start, last - start) {
      for place in distance == 0 ? [start] : [start - distance, start + distance] {
        guard (0...last).contains(place) else { continue }
        let matches = lines.indices.allSatisfy { file.line(place + $0).elementsEqual(lines[$0]) }
        if matches { return place..<place + lines.count }
      }
    }
    return nil
  }
}

/// What the user said of lines, or of a file as a whole.
package struct ReviewComment: Hashable, Sendable {
  /// Names it within its session; a later record with the same one replaces it.
  package let id: Int
  package let path: RepositoryPath
  /// nil when it is about the file.
  package let anchor: CommentAnchor?
  /// Empty when it was withdrawn.
  package let text: String
  /// The round it was written in.
  package let round: Int

  package init(id: Int, path: RepositoryPath, anchor: CommentAnchor?, text: String, round: Int) {
    self.id = id
    self.path = path
    self.anchor = anchor
    self.text = text
    self.round = round
  }
}

/// A comment's place in one file's diff.
package struct PlacedComment: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    case file
    /// Below the last of these lines.
    case lines(CommentAnchor.Side, Range<Int>)
    /// The lines it was about are gone.
    case stale
  }

  package let comment: ReviewComment
  package let place: Place

  package init(_ comment: ReviewComment, in diff: FileDiff?) {
    self.comment = comment
    guard let anchor = comment.anchor else {
      place = .file
      return
    }
    place = diff.flatMap { anchor.range(in: $0) }.map { .lines(anchor.side, $0) } ?? .stale
  }
}
