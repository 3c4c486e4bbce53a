// Keys for people who come from another program, on top of the default keys.

/// A set of keys that imitates another program.
///
/// `default` (also called `vim`) is the table of commands itself; the others take keys over from it. What a preset takes away from a
/// command without giving it another key stays in the palette.
package enum KeymapPreset: String, CaseIterable, Hashable, Sendable {
  case `default`
  case vim
  case lazygit
  case magit
  case tig

  /// The preset's keymap.
  package var keymap: Keymap {
    var map = Keymap.standard
    for (names, command, contexts) in rows {
      for context in contexts {
        for name in names {
          guard let keys = KeySequence(parsing: name) else {
            preconditionFailure("the preset \(rawValue) names an unknown key: \(name)")
          }
          map.bind(keys, command, in: context)
        }
      }
    }
    return map
  }

  private typealias Row = ([String], Command, [KeyContext])

  private var rows: [Row] {
    switch self {
    case .default, .vim: []
    case .lazygit: Self.lazygitRows
    case .magit: Self.magitRows
    case .tig: Self.tigRows
    }
  }

  private static let lists: [KeyContext] = [
    .sessions, .queue, .review, .unplaced, .commit, .viewer,
  ]

  /// As in lazygit's staging view: Space takes, d rejects, arrows sideways go from hunk to hunk.
  private static let lazygitRows: [Row] = [
    (["a"], .selectGroup, [.review]),
    (["d"], .reject, [.review]),
    (["D"], .rejectWithReason, [.review]),
    (["c"], .commitSheet, [.review]),
    (["C"], .comment, [.review]),
    (["z"], .undo, [.review]),
    (["Z"], .redo, [.review]),
    (["_"], .toggleFold, [.review]),
    (["l", "Right"], .nextHunk, [.review]),
    (["h", "Left"], .previousHunk, [.review]),
    (["L"], .scrollRight, [.review]),
    (["H"], .scrollLeft, [.review]),
    (["."], .pageDown, lists),
    ([","], .pageUp, lists),
    (["<"], .top, lists),
    ([">"], .bottom, lists),
    ([")"], .nextCandidate, [.review]),
    (["("], .previousCandidate, [.review]),
    (["c"], .commit, [.commit]),
  ]

  /// As in magit: s takes, k rejects, n and p go from hunk to hunk, Ctrl-x u undoes.
  private static let magitRows: [Row] = [
    (["s"], .approveAndNext, [.review]),
    (["S"], .approveFile, [.review]),
    (["k"], .reject, [.review]),
    (["K"], .rejectWithReason, [.review]),
    (["ctrl-x u", "ctrl-_"], .undo, [.review]),
    (["ctrl-x ctrl-u"], .redo, [.review]),
    (["n"], .nextHunk, [.review]),
    (["p"], .previousHunk, [.review]),
    (["alt-n"], .nextFile, [.review]),
    (["alt-p"], .previousFile, [.review]),
    (["ctrl-n"], .lineDown, lists),
    (["ctrl-p"], .lineUp, lists),
    (["ctrl-v"], .pageDown, lists),
    (["alt-v"], .pageUp, lists),
    (["alt-<"], .top, lists),
    (["alt->"], .bottom, lists),
    (["ctrl-@"], .selectLines, [.review]),
    (["Tab"], .toggleFold, [.review]),
    (["j"], .nextUndecided, [.review]),
    (["J"], .previousUndecided, [.review]),
    (["ctrl-s"], .search, [.review, .viewer]),
    (["alt-s"], .searchNext, [.review, .viewer]),
    (["alt-r"], .searchPrevious, [.review, .viewer]),
    (["ctrl-x ctrl-f"], .findFile, [.review]),
    (["alt-x"], .palette, lists),
    (["c"], .commitSheet, [.review]),
    (["C"], .comment, [.review]),
    (["ctrl-c ctrl-c"], .commit, [.commit]),
    (["ctrl-c ctrl-k"], .cancelCommit, [.commit]),
    (["ctrl-g"], .cancelSelection, [.review]),
  ]

  /// As in tig: u takes, @ goes to the next hunk, h helps.
  private static let tigRows: [Row] = [
    (["u"], .approveAndNext, [.review]),
    (["ctrl-_"], .undo, [.review]),
    (["1"], .selectLines, [.review]),
    (["@"], .nextHunk, [.review]),
    (["\\"], .split, [.review]),
    (["]"], .moreContext, [.review]),
    (["["], .lessContext, [.review]),
    (["Space", "PageDown"], .pageDown, lists),
    (["-"], .pageUp, lists),
    (["s"], .approve, [.review]),
    (["h"], .help, lists),
    (["|"], .toggleMode, [.review]),
    (["Up"], .lineUp, lists),
    (["Down"], .lineDown, lists),
  ]
}
