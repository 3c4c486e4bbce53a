// What counts as drawn: nothing that was only rejected, nothing that the edge cut.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

struct DrawnInFullTests {
  @Test func `rejecting a hunk that was not read does not record it as shown`() {
    let file = MadeFile(
      "a", old: nil, new: MadeSide((0..<200).map { "line \($0)\n" }.joined()))
    var player = Player.reviewing(MadeProposal([file]), size: .usual)
    player.press(.character("x"))
    #expect(player.review.total.rejected == 1)
    let shown = player.recorded.filter { if case .shown = $0 { true } else { false } }
    #expect(shown.isEmpty)
  }

  @Test(arguments: ["漢", "\t", "\u{200B}", "x", "é", "<U+202E>"])
  func `a cut line fits exactly when all its columns do`(_ piece: String) {
    for count in stride(from: 1, through: 80, by: 1) {
      for lead in ["", "#", "##"] {
        let line = lead + String(repeating: piece, count: count) + ";"
        var player = Player.reviewing(
          MadeProposal([MadeFile("a", old: nil, new: MadeSide(line + "\n"))]), size: .usual)
        player.press(.character("w"))
        guard let metrics = player.review.metrics(for: .usual),
          let row = metrics.layout.row(ofChangedLine: 0)
        else {
          Issue.record("no row for \(line)")
          return
        }
        let width = SafeText(Array(line.utf8), options: metrics.options).width
        #expect(metrics.fits(row) == (width <= metrics.textWidth), "\(line), \(width) columns")
      }
    }
  }
}
