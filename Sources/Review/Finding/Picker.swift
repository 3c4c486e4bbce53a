// A list narrowed by what is typed: commands, files.

import Approval
import CellGrid

/// What is picked from.
package enum PickerKind: Hashable, Sendable {
  case command
  case file
}

/// The state of a picker: what was typed, what matches, which of it is selected.
package struct Picker: Hashable, Sendable {
  package let kind: PickerKind
  package var field = TextField(isMultiline: false)
  /// Indexes into the picker's items, best first.
  package var matches: [Int] = []
  package var selected = 0

  package init(_ kind: PickerKind) { self.kind = kind }
}

extension AppState {
  /// The commands that the palette offers on this screen, in the order of the table.
  package var paletteCommands: [Command] {
    CommandTable.entries.filter { $0.contexts.contains(context) && $0.command != .palette }
      .map(\.command)
  }

  mutating func openPicker(_ kind: PickerKind) {
    var picker = Picker(kind)
    refresh(&picker)
    overlay = .picker(picker)
  }

  private func refresh(_ picker: inout Picker) {
    let wanted = Array(picker.field.text.utf8.filter { $0 != UInt8(ascii: " ") })
    let items: [[UInt8]] =
      switch picker.kind {
      case .command: paletteCommands.map { Array($0.rawValue.utf8) }
      case .file: review?.proposal.files.map(\.path.bytes) ?? []
      }
    if wanted.isEmpty {
      picker.matches = Array(items.indices)
    } else {
      picker.matches =
        items.indices.compactMap { index in
          FuzzyMatch.score(wanted, in: items[index]).map { (index, $0) }
        }
        .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.map(\.0)
    }
    picker.selected = min(picker.selected, max(0, picker.matches.count - 1))
  }

  mutating func handle(_ key: Key, in picker: Picker) -> [Effect] {
    var picker = picker
    switch key {
    case .enter:
      overlay = nil
      guard picker.matches.indices.contains(picker.selected) else { return [] }
      return pick(picker.matches[picker.selected], picker.kind)
    case .down, .control("n"), .tab:
      picker.selected = min(picker.selected + 1, max(0, picker.matches.count - 1))
    case .up, .control("p"), .backTab: picker.selected = max(0, picker.selected - 1)
    case .pageDown:
      picker.selected = min(picker.selected + 10, max(0, picker.matches.count - 1))
    case .pageUp: picker.selected = max(0, picker.selected - 10)
    default:
      guard picker.field.handle(key) else { break }
      picker.selected = 0
      refresh(&picker)
    }
    overlay = .picker(picker)
    return []
  }

  private mutating func pick(_ index: Int, _ kind: PickerKind) -> [Effect] {
    switch kind {
    case .command: return perform(paletteCommands[index])
    case .file:
      review?.noteJump()
      review?.goToFile(index, place: .firstHunk, size: size)
      return effectsToLoad() + placeEffects()
    }
  }
}
