// Plays every film strip and holds its pictures against the golden screens.

import FilmStrip
import Testing

/// All film strips there are.
enum Strips {
  static let all: [FilmStrip] =
    sessions + queue + ask + reviewing + deciding + gates + hostile + wholes + unplaced + committing
    + help
    + rounds + finding + folding
}

extension FilmStrip: CustomTestStringConvertible {
  package var testDescription: String { name }
}

@Suite struct ScreenTests {
  @Test(arguments: Strips.all)
  func `a film strip shows the golden screens`(_ strip: FilmStrip) throws {
    for problem in try strip.play() { Issue.record("\(problem)") }
  }

  @Test func `every golden screen is one that a film strip shows`() throws {
    let names = Strips.all.flatMap(\.goldenNames)
    #expect(Set(names).count == names.count, "two shots have one name")
    for name in try GoldenStore.screens.unreferenced(by: Set(names)) {
      Issue.record("no film strip shows \(name)")
    }
  }
}
