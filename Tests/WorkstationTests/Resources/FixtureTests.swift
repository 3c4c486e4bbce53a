// The files that come with the program agree with the program.

import CellGrid
import GitStore
import Glibc
import Testing

@testable import Workstation

struct FixtureTests {
  private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"]

  @Test(arguments: [Theme.dark, Theme.light, Theme.ansi])
  func `a theme's file says what is compiled in`(_ theme: Theme) throws {
    let directory = try #require(InstalledFiles.directory("themes"))
    let description = try #require(
      try ThemeDescription.load(
        Array("\(directory)/\(theme.name).toml".utf8), inks: Ink.allCases.map { "\($0)" },
        grounds: Ground.allCases.map { "\($0)" }))
    let read = Theme(description)
    #expect(read.name == theme.name)
    #expect(read.inks == theme.inks)
    #expect(read.grounds == theme.grounds)
  }

  @Test func `the demo's repository has the same ids everywhere`() async throws {
    let demo = try await DemoRepository.make(environment: Self.environment)
    defer { removeTree(demo.directory) }
    let repository = try await Repository.open(at: demo.directory, environment: Self.environment)
    let snapshot = try await repository.snapshot()
    #expect(snapshot.head.target == "refs/heads/main")
    #expect(snapshot.isClean)
    #expect(!demo.instruction.isEmpty)
  }

  private func removeTree(_ directory: String) {
    for file in LocalFiles.files(below: directory) { unlink("\(directory)/\(file)") }
    var directories = [directory]
    var index = 0
    while index < directories.count {
      for name in LocalFiles.names(in: directories[index]) ?? [] {
        directories.append("\(directories[index])/\(name)")
      }
      index += 1
    }
    for directory in directories.reversed() { rmdir(directory) }
  }
}

struct TitleTests {
  @Test(arguments: [
    ("Refuse empty names. Log them.", "Refuse empty names"), ("one\ntwo three", "one two three"),
    ("", ""), (String(repeating: "x", count: 100), String(repeating: "x", count: 72)),
    ("Check @src/a.txt, and mail @ once.", "Check src/a.txt, and mail @ once"),
    // Not cut in the middle of a clause, unless too little would be left.
    (
      "Refuse transfers whose amount is zero or negative, everywhere a transfer\nenters. Keep a log.",
      "Refuse transfers whose amount is zero or negative"
    ),
    (
      "First, do all of what was said in the meeting of last week about the ledgers of old",
      "First, do all of what was said in the meeting of last week about the"
    ),
  ])
  func `a title is the first sentence, cut at a comma or a word`(instruction: String, title: String)
  {
    #expect(RequestMaker.title(instruction) == title)
  }

  @Test(arguments: [
    ("Refuse: empty names", "refuse-empty-names"), ("ÄÖ", "change"), ("a--b", "a-b"),
  ])
  func `a slug is safe in a ref`(title: String, slug: String) {
    #expect(CommitWork.slug(title) == slug)
  }
}
