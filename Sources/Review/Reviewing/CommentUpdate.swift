// Writing, changing and withdrawing comments.

import Approval
import CellGrid
import Diffing

/// A comment being written.
package struct CommentDraft: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    case line
    case selection
    case hunk
    case file
    /// A comment that is there already is changed; an empty text withdraws it.
    case existing(ReviewComment)
  }

  /// What it can be about, nearest first.
  package let subjects: [Subject]
  package var index = 0
  package var field: TextField

  package var subject: Subject { subjects[index] }
}

extension AppState {
  mutating func startComment() {
    guard let review, let layout = review.layout else { return }
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return
    }
    var subjects: [CommentDraft.Subject] = []
    var text = ""
    if layout.rows.indices.contains(review.cursor), review.mark == nil,
      case .comment(let index) = layout.rows[review.cursor]
    {
      let comment = layout.comments[index].comment
      subjects = [.existing(comment)]
      text = comment.text
    } else {
      for subject in [CommentDraft.Subject.selection, .line, .hunk]
      where review.anchor(for: subject) != nil { subjects.append(subject) }
      subjects.append(.file)
    }
    overlay = .comment(
      CommentDraft(subjects: subjects, field: TextField(text, isMultiline: true)))
  }

  mutating func handle(_ key: Key, in draft: CommentDraft) -> [Effect] {
    var draft = draft
    switch key {
    case .enter, .control("s"): return keep(draft)
    case .tab: draft.index = (draft.index + 1) % draft.subjects.count
    case .named(.enter, .alt), .control("j"): _ = draft.field.handle(.enter)
    default: _ = draft.field.handle(key)
    }
    overlay = .comment(draft)
    return []
  }

  private mutating func keep(_ draft: CommentDraft) -> [Effect] {
    overlay = nil
    guard let review, review.proposal.files.indices.contains(review.fileIndex) else { return [] }
    let text = draft.field.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
      .joined(separator: "\n")
    let comment: ReviewComment
    if case .existing(let before) = draft.subject {
      comment = ReviewComment(
        id: before.id, path: before.path, anchor: before.anchor,
        text: draft.field.isBlank ? "" : text, round: before.round)
    } else {
      guard !draft.field.isBlank else {
        message = StatusMessage(.note, "An empty comment is not kept.")
        return []
      }
      comment = ReviewComment(
        id: review.nextComment, path: review.proposal.files[review.fileIndex].path,
        anchor: review.anchor(for: draft.subject), text: text, round: review.heading.round)
    }
    self.review?.keep(comment, size: size)
    let again = key(.askAgain)
    message = StatusMessage(
      .note,
      comment.text.isEmpty
        ? "The comment is withdrawn."
        : "Kept; \(key(.comment)) on it changes or withdraws it, \(again) asks the model again with it."
    )
    return [.record(review.heading.id, [.comment(comment)])]
  }
}

extension ReviewState {
  /// The lines a new comment on `subject` would stand for; nil when there are none.
  func anchor(for subject: CommentDraft.Subject) -> CommentAnchor? {
    guard let layout, let diff = currentChange?.diff, layout.rows.indices.contains(cursor) else {
      return nil
    }
    switch subject {
    case .file, .existing: return nil
    case .line: return mark == nil ? anchor(ofRows: cursor...cursor, in: layout, diff) : nil
    case .selection: return selectedRows.flatMap { anchor(ofRows: $0, in: layout, diff) }
    case .hunk:
      guard mark == nil, let hunk = currentHunk else { return nil }
      let rows = layout.rows(ofHunk: hunk).filter {
        if case .change = layout.rows[$0] { true } else { false }
      }
      guard let first = rows.first, let last = rows.last else { return nil }
      return anchor(ofRows: first...last, in: layout, diff)
    }
  }

  /// The lines of the new side that the rows show, or of the old side where they show none.
  private func anchor(
    ofRows rows: ClosedRange<Int>, in layout: FileLayout, _ diff: FileDiff
  ) -> CommentAnchor? {
    var old: [Int] = []
    var new: [Int] = []
    for row in rows {
      switch layout.rows[row] {
      case .context(let oldLine, let newLine):
        old.append(oldLine)
        new.append(newLine)
      case .change(let oldLine, let newLine, _, _):
        if let oldLine { old.append(oldLine) }
        if let newLine { new.append(newLine) }
      case .hunkHeader, .rest, .mode, .whole, .comment: break
      }
    }
    let (side, lines, file) =
      new.isEmpty ? (CommentAnchor.Side.old, old, diff.old) : (.new, new, diff.new)
    guard let first = lines.min(), let last = lines.max() else { return nil }
    return CommentAnchor(
      side: side, line: first, lines: (first...last).map { Array(file.line($0)) })
  }

  /// Puts a comment in the place of the one with its identifier, and lays the file out anew.
  mutating func keep(_ comment: ReviewComment, size: GridSize) {
    comments[comment.id] = comment.text.isEmpty ? nil : comment
    nextComment = max(nextComment, comment.id + 1)
    mark = nil
    let before = cursor
    let isOnComment =
      if let rows = layout?.rows, rows.indices.contains(before), case .comment = rows[before] {
        true
      } else { false }
    refreshLayout(for: size, rebuild: true)
    guard isOnComment, let layout else { return }
    // Stays on the comment, or where it stood.
    cursor =
      layout.comments.firstIndex { $0.comment.id == comment.id }
      .flatMap { layout.rows.firstIndex(of: .comment($0)) } ?? before - 1
    revealCursor(for: size)
  }
}
