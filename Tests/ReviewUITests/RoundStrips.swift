// Film strips of rounds: editing, versions, comparing, comments, asking again, a moved base.

import Approval
import CellGrid
import FilmStrip
import Review

extension Strips {
  private static let ledger = RepositoryPath("Sources/Ledger/Ledger.swift")

  static let rounds = [
    FilmStrip("rounds", on: [.wide, .usual], Scenes.rounds) {
      press("}}", "y", "[", "E")
      shoot("edited")
      press("u")
      shoot("undone")
      press("ctrl-r", "i")
      shoot("compared")
      press("q", "]", "[", "<")
      shoot("version")
      press("y")
      shoot("version-not-approved")
      press("Enter")
      shoot("taken")
    },
    FilmStrip("rounds-base", on: [.wide, .usual], Scenes.rounds) {
      press("}}", "y", "y")
      happen(.baseMoved(SampleProposals.session, tip: "9c1d22ab"))
      shoot("offered")
      press("B")
      shoot("moved")
      press("{", "C")
      shoot("shown-again")
    },
    FilmStrip("comment", on: [.wide, .usual, .least], Scenes.rounds) {
      press("}}", "jjj", "c")
      type("Say which account it was.")
      press("ctrl-j")
      type("And do not give the amount away.")
      shoot("writing")
      press("Enter")
      shoot("on-a-line")
      press("c", "Tab")
      type("Is this the right place for the check?")
      shoot("about-the-hunk")
      press("Enter", "c", "Tab", "Tab")
      type("Keep the old initialiser.")
      press("Enter", "g")
      shoot("line-hunk-file")
      press("]", "E")
      shoot("stale")
      press("G")
      shoot("at-the-end")
    },
    FilmStrip("comment-whole", on: [.usual], { Scenes.review(SampleProposals.wholes) }) {
      press("c")
      type("Why does the logo change?")
      press("Enter")
      shoot("kept")
    },
    FilmStrip("again", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "r")
      shoot("without-a-comment")
      press("Esc", "c")
      type("Name the account in the error.")
      press("Enter", "r", "+", "+")
      shoot("box")
      press("Enter")
      shoot("sent")
      happen(.againProgressed(SampleProposals.session, progress(.queued(ahead: 2))))
      press("j")
      shoot("queued")
      happen(
        .againProgressed(
          SampleProposals.session, progress(.writing(tokens: 212, tokensPerSecond: 28.4))))
      shoot("writing")
      press("r")
      shoot("busy")
    },
  ]

  private static func progress(_ progress: RequestProgress) -> AgainProgress {
    AgainProgress(path: ledger, candidate: 2, candidateCount: 3, progress: progress)
  }
}
