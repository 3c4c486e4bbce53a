// Film strips of what surrounds the review: unplaced edits, the commit sheet, help.

import Approval
import CellGrid
import FilmStrip
import Review

extension Strips {
  static let unplaced = [
    FilmStrip("unplaced", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.unplaced) })
    {
      shoot("told")
      press("U")
      shoot("nearest")
      press("j")
      shoot("no-file")
      press("q")
      shoot("back")
    },
    FilmStrip("unplaced-all", on: [.wide], { Scenes.review(SampleProposals.nothingPlaced) }) {
      shoot("opened")
    },
  ]

  private static let commit = ObjectID(hex: String(repeating: "9c1d22ab", count: 5))

  private static var outcome: CommitOutcome {
    guard let commit else { preconditionFailure("not a name") }
    return CommitOutcome(
      commit: commit, landed: "main moved from 3fd21c8 to it.",
      next: ["git show 9c1d22ab", "countersign verify 9c1d22ab"])
  }

  private static let session = SampleProposals.session

  /// A review with two checks: not run when the sheet is opened first, run when it is worked out again.
  private static var checking: Scene {
    var scene = Scenes.review(SampleProposals.ordinary)
    let build = { (result: CheckResult?, whole: CheckResult?) in
      PlannedCheck(name: "build", isRequired: true, result: result, onProposal: whole)
    }
    let lint = { (result: CheckResult?) in
      PlannedCheck(name: "lint", isRequired: false, result: result, onProposal: nil)
    }
    scene.world.checksOfPlans = [
      [build(nil, nil), lint(nil)],
      [
        build(checkResult("build", .failed(1)), checkResult("build", .passed, onWhole: true)),
        lint(checkResult("lint", .passed)),
      ],
    ]
    return scene
  }

  private static func tree(onWhole: Bool) -> ObjectID {
    guard let tree = ObjectID(hex: String(repeating: onWhole ? "ab" : "cd", count: 20)) else {
      preconditionFailure("not a name")
    }
    return tree
  }

  private static func checkResult(
    _ name: String, _ outcome: CheckOutcome, onWhole: Bool = false
  ) -> CheckResult {
    CheckResult(
      name: name, command: ["/bin/sh", "-c", "make"], tree: tree(onWhole: onWhole),
      outcome: outcome, seconds: 7,
      sandbox: .bubblewrap)
  }

  static let committing = [
    FilmStrip("commit", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }) {
      // On the small screen a hunk is read row by row before it can be approved.
      press("}}", "jjjjjjjjjjjjjj", "kkkkkkkkkkkkkk", "y", "x", "C")
      shoot("ready")
      press("C")
      shoot("preparing")
      happen(.commitProgressed("running pre-commit"))
      happen(.commitPrinted(Array("checking format ... ok\nrunning 42 tests\n".utf8)))
      happen(.commitPrinted(Array("\u{1B}[31mred\u{1B}[0m and a bell\u{07}\n".utf8)))
      shoot("running")
      press("q")
      shoot("cannot-leave")
      happen(.committed(SampleProposals.session, outcome))
      shoot("done")
      press("q")
      shoot("left")
    },
    FilmStrip("checks", on: [.wide, .usual, .least], { checking }) {
      press("}}", "jjjjjjjjjjjjjj", "kkkkkkkkkkkkkk", "y", "x", "C")
      shoot("not-run")
      press("t")
      happen(.checksBegan(session, tree: tree(onWhole: false)))
      happen(.checksProgressed(session, "build"))
      happen(.checksPrinted(session, Array("── build ──\ncompiling Ledger.swift\n".utf8)))
      happen(.checksPrinted(session, Array("\u{1B}[31merror:\u{1B}[0m no such name\n".utf8)))
      happen(.checkEnded(session, checkResult("build", .failed(1))))
      happen(.checksProgressed(session, "lint"))
      shoot("running")
      press("C")
      shoot("not-while-they-run")
      happen(.checkEnded(session, checkResult("lint", .passed)))
      happen(.checkEnded(session, checkResult("build", .passed, onWhole: true)))
      happen(.checksEnded(session, nil))
      shoot("ended")
      press("T")
      shoot("output")
      press("qq")
      shoot("back-in-review")
    },
    FilmStrip("commit-fails", on: [.wide, .usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "y", "C", "C")
      happen(.commitProgressed("running pre-commit"))
      happen(.commitPrinted(Array("error: trailing whitespace in Ledger.swift\n".utf8)))
      happen(
        .commitFailed("The hook pre-commit refused (exit status 1); the branch is where it was."))
      shoot("failed")
      press("q")
      shoot("back-in-review")
    },
    FilmStrip("commit-nothing", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("C")
      shoot("refused")
    },
    FilmStrip("commit-preparing", on: [.usual], { unplanned() }) {
      press("C")
      shoot("preparing")
    },
    FilmStrip("commit-empty-message", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "y", "C")
      happen(.messageEdited(Array("# only a comment\n".utf8)))
      press("C")
      shoot("refused")
    },
    FilmStrip("commit-draft", on: [.usual], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "y", "C", "m")
      shoot("question")
      press("Enter")
      happen(
        .draftProgressed(
          SampleProposals.session, .writing(tokens: 24, tokensPerSecond: 31)))
      shoot("written")
      happen(
        .messageDrafted(
          SampleProposals.session,
          Array(
            "Refuse negative amounts\n\nA transfer of less than nothing took money back.\n".utf8),
          model: "qwen3-coder"))
      shoot("there")
      press("C")
      shoot("taken")
    },
    FilmStrip("commit-closes", on: [.wide], { Scenes.review(SampleProposals.ordinary) }) {
      press("}}", "y", "C", "C")
      happen(.committed(SampleProposals.session, outcome))
      press("q", "Enter")
      shoot("reopened")
      press("y")
      shoot("read-only")
    },
  ]

  private static func unplanned() -> Scene {
    var scene = Scenes.review(SampleProposals.ordinary)
    scene.world.plansCommits = false
    return scene
  }

  static let help = [
    FilmStrip("help", on: [.wide, .usual, .least], { Scenes.review(SampleProposals.ordinary) }) {
      press("?")
      shoot("review")
      type("undec")
      shoot("filter")
      press("Esc", "q", "?")
      shoot("sessions")
    },
    FilmStrip("help-ask", on: [.usual], { Scenes.ask() }) {
      press("n", "F1")
      shoot("ask")
    },
    FilmStrip(
      "too-small", on: [GridSize(rows: 11, columns: 80), GridSize(rows: 8, columns: 20)],
      { Scenes.review(SampleProposals.ordinary) }
    ) {
      shoot("sentence")
    },
  ]
}
