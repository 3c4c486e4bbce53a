// Film strips of finding one's way: search, palette, file finder, filter, folds, keys of several.

import CellGrid
import FilmStrip
import Review

extension Strips {
  private static let large = GridSize(rows: 60, columns: 200)

  static let finding = [
    FilmStrip(
      "search", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }
    ) {
      press("}}", "/")
      type("entr")
      shoot("prompt")
      press("Enter")
      shoot("match")
      press("n", "n", "|")
      shoot("other-mode")
      press("/", "Tab")
      type("entries")
      shoot("all-files")
      press("Enter", "n", "n", "n", "n", "n", "n", "n", "n")
      shoot("next-file")
      press("/")
      type("nowhere")
      press("Enter")
      shoot("not-found")
    },
    FilmStrip(
      "palette", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }
    ) {
      press(":")
      shoot("all")
      type("file")
      press("Down")
      shoot("narrowed")
      type("zzz")
      shoot("nothing")
    },
    FilmStrip("find-file", on: [.wide, .usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("x", "ctrl-p")
      shoot("all")
      type("ledsw")
      shoot("narrowed")
    },
    FilmStrip("filter", on: [.wide, .usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("x", "F", "Tab")
      shoot("undecided")
      press("Tab")
      shoot("flagged")
      press("Tab")
      type("leg")
      shoot("letters")
      press("Enter")
      shoot("narrowed")
      press("}")
      shoot("last-of-the-list")
    },
    FilmStrip(
      "pending-keys", on: [.wide, .usual, .least],
      { Scenes.review(SampleProposals.ordinary, keymap: KeymapPreset.magit.keymap) }
    ) {
      shoot("magit")
      press("ctrl-x")
      shoot("continuations")
      press("y")
      shoot("bound-to-nothing")
    },
  ]

  static let folding = [
    FilmStrip("folds", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.blanks) }) {
      shoot("whitespace-only-pair")
      press("W")
      shoot("every-blank")
      press("W", "z")
      shoot("open-above")
      press("]", "z")
      shoot("open-between")
      press("z", "+", "+", "+", "+", "+", "+", "+", "+")
      shoot("whole-file")
    },
    FilmStrip("folds-large", on: [large], { Scenes.review(SampleProposals.blanks) }) {
      press("z")
      shoot("open")
    },
    FilmStrip("scrollbar", on: [.wide, .usual], { Scenes.review(SampleProposals.scattered) }) {
      shoot("top")
      press("y", "y", "x", "x")
      shoot("decided")
      press("G")
      shoot("bottom")
    },
  ]
}
