// Film strips of reading and deciding.

import Approval
import CellGrid
import FilmStrip
import Review

extension Strips {
  static let reviewing = [
    FilmStrip("review", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }) {
      shoot("opened")
      press("}}")
      shoot("ledger")
      press("jj", "ctrl-d")
      shoot("half-page-down")
      press("G")
      shoot("bottom")
    },
    FilmStrip("review-modes", on: [.wide], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "|")
      shoot("unified")
      press("f")
      shoot("unified-without-files")
      press("|")
      shoot("without-files")
      press("f", "---")
      shoot("no-context")
      press("++++")
      shoot("more-context")
    },
    FilmStrip("review-unified", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("|")
      shoot("too-narrow")
    },
    FilmStrip("review-files", on: [.wide], { Scenes.review(SampleProposals.ordinary) }) {
      press("}")
      shoot("protected-no-newline")
      press("}}")
      shoot("new-file")
      press("}")
      shoot("deleted-file")
      press("}")
      shoot("mode")
      press("}")
      shoot("last-file")
    },
    FilmStrip("review-long", on: [.wide, .usual], { Scenes.review(SampleProposals.long) }) {
      shoot("wrapped")
      press("w")
      shoot("cut")
      press("lll")
      shoot("scrolled")
      press("hhh", "}", "y")
      shoot("cut-is-not-seen")
      press("w", "j")
      shoot("taller-than-screen")
      press("jjjjj")
      shoot("inside-tall-row")
    },
  ]

  static let deciding = [
    FilmStrip("decide", on: [.wide, .usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "y")
      shoot("approved")
      press("x")
      shoot("rejected")
      press("u")
      shoot("undone")
      press("ctrl-r")
      shoot("redone")
      press("Space")
      shoot("approved-in-place")
      press("Space")
      shoot("taken-back")
      press("X")
      type("the separator belongs in another change")
      shoot("reason")
      press("Enter")
      shoot("rejected-with-reason")
    },
    FilmStrip("decide-lines", on: [.wide], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "v", "j")
      shoot("selecting")
      press("y", "[")
      shoot("in-part")
      press("u", "V")
      shoot("group")
      press("q")
      shoot("selection-ended")
    },
    FilmStrip("decide-split", on: [.usual], { Scenes.review(SampleProposals.groups) }) {
      press("s")
      shoot("split-all")
      press("]", "y")
      shoot("middle-approved")
      press("]", "s")
      shoot("joined")
      press("g", "jjj", "s")
      shoot("first-again")
    },
    FilmStrip("decide-unseen", on: [.wide, .usual], { Scenes.review(SampleProposals.tall) }) {
      press("y")
      shoot("refused")
      press("PageDown", "PageDown", "PageDown", "PageDown")
      press("PageDown", "PageDown", "PageDown", "PageDown")
      press("PageDown", "PageDown", "PageDown", "PageDown")
      press("g", "j", "y")
      shoot("approved-once-read")
    },
    FilmStrip("decide-bulk", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("A")
      shoot("flagged-refused")
      press("}}", "A")
      shoot("after-A")
      press("G", "A")
      shoot("question")
      press("y")
      shoot("approved")
    },
    FilmStrip("decide-all", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("x", "y", "y", "y", "y", "y", "y")
      shoot("most")
      press("!", "y")
      shoot("the-mode-is-left")
      press("y")
      shoot("everything-decided")
      press("Tab")
      shoot("nothing-left")
    },
  ]

  static let gates = [
    FilmStrip("gate-warn", on: [.wide], { Scenes.review(SampleProposals.ordinary) }) {
      press("y")
      shoot("refused")
      press("!")
      shoot("acknowledged")
      press("y")
      shoot("approved")
    },
    FilmStrip("gate-block", on: [.usual, .least], { Scenes.review(SampleProposals.hostile) }) {
      press("}}")
      shoot("bidi")
      press("y")
      shoot("refused")
      press("!")
      shoot("question")
      type("yes")
      press("Enter")
      shoot("not-the-phrase")
      press("!")
      type("text.bidi")
      shoot("typed")
      press("Enter")
      shoot("acknowledged")
      press("y")
      shoot("approved")
    },
    FilmStrip("gate-broken-ledger", on: [.usual], { Scenes.review(SampleProposals.groups) }) {
      happen(
        .recordingFailed(
          SampleProposals.session, "The ledger cannot be written: no space left on device."))
      shoot("told")
      press("y")
      shoot("refused")
    },
  ]

  static let hostile = [
    FilmStrip("hostile", on: [.wide, .usual], { Scenes.review(SampleProposals.hostile) }) {
      shoot("crlf")
      press("}")
      shoot("tabs")
      press("}}")
      shoot("bytes")
      press("}")
      shoot("unicode")
      press("}")
      shoot("no-newline")
    }
  ]

  static let wholes = [
    FilmStrip("whole", on: [.usual], { Scenes.review(SampleProposals.wholes) }) {
      shoot("binary")
      press("}")
      shoot("symlink")
      press("}")
      shoot("empty")
      press("}")
      shoot("type-change")
      press("}")
      shoot("submodule")
      press("}")
      shoot("mode-only")
      press("}")
      shoot("large")
      press("v")
      shoot("no-lines")
      press("y")
      shoot("approved")
    },
    FilmStrip("whole-failed", on: [.usual], { pending() }) {
      shoot("reading")
      happen(
        .fileLoaded(
          SampleProposals.session, index: 0, SampleProposals.groups.proposal.files[0],
          .failed("This file cannot be shown, so it cannot be decided on: its blob is missing.")))
      shoot("failed")
      press("y")
      shoot("cannot-decide")
    },
  ]

  private static func pending() -> Scene {
    var scene = Scenes.review(SampleProposals.groups)
    scene.world.proposal = nil
    return scene
  }
}
