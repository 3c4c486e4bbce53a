// The footer of every question: the way out is always there.

import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct OverlayKeyTests {
  @Test(arguments: [GridSize.wide, .usual, .least])
  func `the way out of every question stands in the footer`(size: GridSize) {
    for (keys, name) in [
      ([Key.character("X")], "a reason"), ([.character("c")], "a comment"),
      ([.character("/")], "a search"), ([.character("F")], "a filter"),
      ([.character(":")], "the palette"), ([.control("p")], "files"), ([.character("?")], "help"),
    ] {
      var player = Player(Scenes.review(SampleProposals.ordinary), size: size)
      for key in keys { player.press(key) }
      #expect(player.state.overlay != nil, "\(name)")
      let footer = player.frame.grid.rowText(size.rows - 1)
      #expect(footer.contains("Esc"), "\(name) at \(size): \(footer)")
      player.press(.escape)
      #expect(player.state.overlay == nil, "\(name)")
    }
  }
}
