// What an instruction names, which tests go with a file, and what the ask screen makes of proposals.

import Approval
import Review
import Testing

struct FileSuggestionTests {
  private func paths(_ names: String...) -> [RepositoryPath] { names.map { RepositoryPath($0) } }

  @Test func `what stands behind an at sign is named, what looks like an identifier is mentioned`()
  {
    let mentions = Mentions(
      in:
        "Make @Sources/Ledger.swift, @total and (`sum`) use transferLimit and max_amount. Not the API, the iPhone or 3rdParty."
    )
    #expect(mentions.named == ["Sources/Ledger.swift", "total"])
    #expect(mentions.identifiers == ["sum", "transferLimit", "max_amount", "iPhone"])
    #expect(Mentions(in: "plain words only, nothing else @ all").identifiers == [])
    #expect(Mentions(in: "@").named == [])
  }

  @Test func `a name is a path or the end of exactly one`() {
    let tracked = paths("a/Ledger.swift", "b/Book.swift", "c/Book.swift", "Book.swift")
    #expect(Mentions.file("Ledger.swift", among: tracked) == tracked[0])
    #expect(Mentions.file("a/Ledger.swift", among: tracked) == tracked[0])
    #expect(Mentions.file("edger.swift", among: tracked) == nil)
    #expect(Mentions.file("Book.swift", among: tracked) == tracked[3])
    #expect(Mentions.file("Book.swift", among: Array(tracked.prefix(3))) == nil)
  }

  @Test func `tests are found by name, in both directions and in the ways of several languages`() {
    let tracked = paths(
      "src/ledger.py", "tests/test_ledger.py", "Sources/Ledger.swift", "Tests/LedgerTests.swift",
      "app/ledger.ts", "app/ledger.spec.ts", "ledger_test.go", "README.md", "test.py")
    let partners = Set(TestNames.partners(of: tracked[2], among: tracked))
    #expect(
      partners
        == Set(
          paths(
            "tests/test_ledger.py", "Tests/LedgerTests.swift", "app/ledger.spec.ts",
            "ledger_test.go")))
    #expect(
      Set(TestNames.partners(of: tracked[3], among: tracked))
        == Set(paths("src/ledger.py", "Sources/Ledger.swift", "app/ledger.ts")))
    #expect(TestNames.partners(of: tracked[7], among: tracked) == [])
  }

  @Test func `proposals stand below what is chosen and above the rest, and are never both`() {
    var ask = AskState(chosen: Set(paths("b")))
    ask.tracked = paths("a", "b", "c", "d")
    ask.suggestions = [
      FileSuggestion(path: RepositoryPath("d"), reason: "mentions it"),
      FileSuggestion(path: RepositoryPath("b"), reason: "named"),
    ]
    ask.refreshMatches()
    #expect(ask.matches == paths("b", "d", "a", "c"))
    #expect(ask.reason(for: RepositoryPath("d")) == "mentions it")
    #expect(ask.reason(for: RepositoryPath("b")) == nil)
  }

  @Test
  func `a file that the instruction names goes along for as long as its at sign stands there`() {
    var ask = AskState(chosen: Set(paths("b")))
    ask.tracked = paths("a", "b", "src/c")
    ask.instruction = TextField("Change @src/c.", isMultiline: true)
    #expect(ask.goingAlong == Set(paths("b", "src/c")))
    #expect(ask.matches == paths("b", "src/c", "a"))
    #expect(ask.reason(for: RepositoryPath("src/c")) == "named in the instruction")

    ask.instruction = TextField("Change it.", isMultiline: true)
    #expect(ask.goingAlong == Set(paths("b")))
    #expect(ask.matches == paths("b", "a", "src/c"))
  }
}
