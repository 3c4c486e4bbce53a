// How the file pane shortens names.

import CellGrid
import FilmStrip
import Testing

@Suite struct FilePaneTests {
  @Test func `long names that share an end, or a beginning, look different in the pane`() throws {
    let names = [
      "Sources/ArgumentParser/Completions/BashCompletionsGenerator.swift",
      "Sources/ArgumentParser/Completions/CompletionsGenerator.swift",
      "Sources/ArgumentParser/Completions/CompletionsGeneratorForFish.swift",
      "Sources/ArgumentParser/Completions/éééééééééééééééééééééééééééééé.swift",
    ]
    let proposal = MadeProposal(
      names.map { MadeFile($0, old: MadeSide("1\n"), new: MadeSide("2\n")) })
    let grid = Player.reviewing(proposal, size: .wide).frame.grid
    let rows = (2..<6).map { row in grid.rowText(row).prefix { $0 != "│" } }
    #expect(Set(rows).count == names.count)
    for (row, name) in zip(rows, names) {
      let label = try #require(row.split(separator: " ").first { $0.contains("…") })
      let ends = label.split(separator: "…")
      #expect(ends.count == 2 && name.split(separator: "/")[3].hasPrefix(ends[0]), "\(row)")
      #expect(name.hasSuffix(ends[1]), "\(row)")
    }
  }
}
