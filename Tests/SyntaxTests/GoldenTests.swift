// The colours of a sample of each language.

import Syntax
import Testing

@Suite struct GoldenTests {
  @Test(arguments: Golden.all)
  func `a sample has the colours marked under it`(golden: Golden) {
    #expect(golden.marked == golden.text)
  }

  @Test func `every language has a sample`() {
    #expect(Set(Golden.all.map(\.language)) == Set(Language.allCases))
  }

  @Test(arguments: Golden.all)
  func `carriage returns before line feeds change no colour`(golden: Golden) {
    var (plain, returned) = (LexState(), LexState())
    for line in golden.lines {
      let expected = golden.language.lex(line: line[...], state: &plain)
      let tokens = golden.language.lex(line: (line + [13, 10])[...], state: &returned)
      #expect(tokens == expected)
      #expect(plain == returned)
    }
  }

  @Test func `offsets count bytes from the start of the line, in slices too`() {
    var state = LexState()
    let bytes = Array("xx\u{E9} = \"\u{1F600}\" // \u{E9}\u{301}".utf8)
    let tokens = Language.swift.lex(line: bytes[2...], state: &state)
    #expect(tokens.map(\.range) == [5..<11, 12..<19])
    #expect(tokens.map(\.kind) == [.string, .comment])
  }
}
