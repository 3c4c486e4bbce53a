// Film strips of the start screen and of asking.

import CellGrid
import FilmStrip
import Review

extension Strips {
  private static func id(_ index: Int) -> SessionID {
    guard let id = SessionID("session-\(index)") else { preconditionFailure("not a name") }
    return id
  }

  static let sessions = [
    FilmStrip("sessions-empty", on: [.wide, .usual, .least], Scenes.empty) { shoot("welcome") },
    FilmStrip("sessions", on: [.wide, .usual, .least], Scenes.sessions) {
      shoot("list")
      press("jj")
      press("Enter")
      shoot("at-work")
      press("G", "d")
      shoot("discarded-already")
      press("kk", "Enter")
      shoot("failed-why")
    },
    FilmStrip("sessions-questions", on: [.usual, .least], Scenes.sessions) {
      press("jjjjjj", "d")
      shoot("discard")
      press("n", "q")
      shoot("leave")
    },
    FilmStrip("sessions-answer", on: [.wide, .usual, .least], Scenes.sessions) {
      press("jjjj")
      happen(
        .answerGrew(
          id(4),
          Array(
            "I keep the balance in a property.\n\nSources/Ledger/Ledger.swift\n<<<<<<< SEARCH\n"
              .utf8))
      )
      happen(.answerGrew(id(4), Array("  func balance() -> Int {\n=======\n  var balance".utf8)))
      happen(.requestProgressed(id(4), .writing(tokens: 430, tokensPerSecond: 30.2)))
      shoot("writing")
      happen(.sessionSettled(id(4), .ready(files: 1, unplaced: 1)))
      shoot("ready")
    },
  ]

  static let queue = [
    FilmStrip("queue", on: [.wide, .usual, .least], { Scenes.queue() }) {
      press("Q")
      shoot("list")
      press("K")
      shoot("at-work")
      press("jj", "ctrl-c")
      shoot("elsewhere")
      press("G")
      shoot("orphan")
    },
    FilmStrip("queue-empty", on: [.usual, .least], Scenes.empty) {
      press("Q")
      shoot("nothing")
    },
  ]

  static let ask = [
    FilmStrip("ask", on: [.wide, .usual, .least], { Scenes.ask() }) {
      press("n")
      shoot("instruction")
      type("Reject negative amounts")
      press("Tab")
      press("Down", "Space", "Down", "Enter")
      shoot("files")
      type("ledgtest")
      shoot("filter")
      press("Tab")
      shoot("model")
      press("ctrl-p")
      shoot("prompt")
    },
    FilmStrip("ask-long", on: [.usual, .least], { Scenes.ask() }) {
      press("n")
      type(
        "Reject negative amounts when an entry is posted, with an error that names the amount, and "
          + "test it.\nAlso:\n- keep the old initialiser\n- 漢字 in texts stay as they are\n")
      type(String(repeating: "and so on ", count: 40))
      shoot("wrapped")
      press("Home", "Up", "Up")
      shoot("scrolled")
    },
    FilmStrip("ask-no-model", on: [.usual], { Scenes.ask([]) }) {
      press("n")
      type("x")
      press("ctrl-s")
      shoot("refused")
      press("ctrl-f")
      shoot("searching")
      happen(.endpointsListed([]))
      shoot("none-found")
      happen(.endpointsListed([Scenes.endpoints[2]]))
      press("ctrl-s")
      shoot("outside")
    },
    FilmStrip(
      "ask-too-long", on: [.usual],
      { Scenes.ask(budget: PromptBudget(tokens: 61_000, limit: 24_576, isExact: false)) }
    ) {
      press("n")
      type("Rewrite it")
      press("ctrl-s")
      shoot("no-files")
      press("Space", "ctrl-s")
      shoot("one-file")
      press("down", "Space", "down", "Space", "ctrl-s")
      shoot("offered")
      press("Space")
      shoot("kept")
    },
  ]
}
