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

  /// A line of more rows than the window has: what was read of it counts only with its end.
  @Test func `the beginning of a long line, shown twice, is not the whole line`() {
    let long = (0..<160).map { "word\($0)" }.joined(separator: " ") + "\n"
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: nil, new: MadeSide(long))]), size: .least)
    let isSeen = { (player: Player) in player.review.seen[0]?.contains(0) ?? false }
    player.press(.pageDown)
    #expect(player.review.top.wrapped > 0, "the window stands inside the line")
    #expect(!isSeen(player))
    player.press(.character("g"))
    #expect(player.review.top == RowAnchor(row: 0))
    #expect(!isSeen(player))
    for _ in 0..<40 { player.press(.pageDown) }
    #expect(isSeen(player))
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
