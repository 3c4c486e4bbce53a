// An edit that could not be placed, put in by hand: what the editor shows, and what of it counts.

import Approval
import Diffing

/// The lines of a file in which the user puts an edit by hand.
package struct HandEdit: Hashable, Sendable {
  package let item: UnplacedItem
  /// The lines of the file, 0-based, as the round that stands has it.
  package let lines: Range<Int>
  /// Those lines.
  package let before: [UInt8]
  /// The line between the block and the file; it occurs in neither.
  private let divider: [UInt8]

  package init(item: UnplacedItem, lines: Range<Int>, before: [UInt8]) {
    self.item = item
    self.lines = lines
    self.before = before
    var number = 1
    func line() -> [UInt8] {
      Array(
        "──── 8< \(number) ──── above: the edit as the model wrote it. This line and all above it are dropped. ────"
          .utf8)
    }
    while item.text.firstRange(of: line()) != nil || before.firstRange(of: line()) != nil {
      number += 1
    }
    divider = line()
  }

  /// What the editor shows: the block, a divider, the lines of the file.
  package var text: [UInt8] {
    let newline = UInt8(ascii: "\n")
    let gap: [UInt8] = item.text.last == newline ? [] : [newline]
    return item.text + gap + divider + [newline] + before
  }

  /// The lines as they are to be, from what was saved; nil when the divider is not there once, on a line of its own.
  package func result(of saved: [UInt8]) -> [UInt8]? {
    let newline = UInt8(ascii: "\n")
    guard let found = saved.firstRange(of: divider),
      found.lowerBound == 0 || saved[found.lowerBound - 1] == newline
    else { return nil }
    let rest = saved[found.upperBound...]
    guard rest.firstRange(of: divider) == nil else { return nil }
    guard let first = rest.first else { return [] }
    if first == newline { return Array(rest.dropFirst()) }
    // An editor may have given all lines the file's ending.
    return rest.starts(with: [UInt8(ascii: "\r"), newline]) ? Array(rest.dropFirst(2)) : nil
  }
}

extension AppState {
  /// Asks for the lines around the place of the unplaced edit that is selected.
  mutating func startHandEdit() -> [Effect] {
    guard let review, let item = selectedUnplaced, mayChangeUnplaced(review)
    else { return [] }
    isHandEditing = true
    return [
      .prepareHandEdit(review.heading.id, item, at: placeShown)
    ]
  }

  /// Opens the editor, where the edit is still what the user looks at.
  mutating func handEditReady(_ id: SessionID, _ edit: HandEdit) -> [Effect] {
    isHandEditing = false
    guard screen == .unplaced, overlay == nil, let review, review.heading.id == id,
      review.unplaced.contains(edit.item)
    else { return [] }
    return [
      .editText(
        EditedText(
          session: id, path: RepositoryPath(edit.item.path), lines: edit.lines, text: edit.text,
          hand: edit))
    ]
  }

  /// Makes a round of what was put in by hand, unless nothing was.
  mutating func editedByHand(_ edit: HandEdit, _ saved: [UInt8], of id: SessionID) -> [Effect] {
    guard let content = edit.result(of: saved) else {
      handEditFailed(
        id, "The line between the model's edit and the file is gone or doubled.", saved)
      return []
    }
    guard content != edit.before else {
      if saved == edit.text {
        message = StatusMessage(.note, "Nothing was changed; the edit stays unplaced.")
      } else {
        handEditFailed(id, "Only what stands below the line counts, and that is as it was.", saved)
      }
      return []
    }
    isHandEditing = true
    message = StatusMessage(.note, "Taking over your edit…")
    return [.placeByHand(id, edit, content: content)]
  }

  /// Says why nothing came of an edit by hand, and shows what was written, so that it can be copied.
  mutating func handEditFailed(_ id: SessionID, _ reason: String, _ written: [UInt8]?) {
    isHandEditing = false
    message = StatusMessage(.problem, reason)
    guard let written, overlay == nil else { return }
    show(
      ViewerState(
        title: "What you wrote; nothing of it was taken over", note: reason,
        text: TextFile(written), origin: screen))
  }
}
