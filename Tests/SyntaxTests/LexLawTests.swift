// Laws of the lexer that hold for all bytes and all languages.

import Syntax
import Testing

@Suite struct LexLawTests {
  @Test(arguments: Language.allCases)
  func `tokens ascend, stay inside their line and never overlap`(language: Language) {
    for seed in 0..<4 {
      var state = LexState()
      for line in HostileText.lines(120, seed: seed) {
        var before = state
        let tokens = language.lex(line: line[...], state: &state)
        var last = 0
        for token in tokens {
          #expect(token.range.lowerBound >= last && !token.range.isEmpty)
          last = token.range.upperBound
        }
        #expect(last <= line.count)
        language.skip(line: line[...], state: &before)
        #expect(before == state)
      }
    }
  }

  @Test(arguments: Language.allCases)
  func `a long line of any one delimiter takes no longer than its length`(language: Language) {
    // A quadratic scan would take minutes here.
    for fragment in HostileText.fragments {
      var state = LexState()
      let repeated = [[UInt8]](repeating: fragment, count: 1_500 / fragment.count)
      let line = Array(repeated.joined())
      let tokens = language.lex(line: line[...], state: &state)
      #expect(tokens.count <= line.count)
    }
  }

  @Test func `a line is coloured up to a limit, and the state at its end is right`() {
    let line = [UInt8](repeating: UInt8(ascii: "1"), count: 100_000) + Array(" /* open".utf8)
    var state = LexState()
    let tokens = Language.c.lex(line: line[...], state: &state)
    #expect(tokens.map(\.range) == [0..<Language.colouredByteLimit])
    let next = Language.c.lex(line: Array("x */ 1".utf8)[...], state: &state)
    #expect(next.map(\.kind) == [.comment, .number])
    #expect(state == LexState())
  }

  @Test func `after a line beyond all limits the state is unknown and the rest is plain`() {
    let line = [UInt8](repeating: UInt8(ascii: "1"), count: 5_000_000)
    var state = LexState()
    #expect(Language.json.lex(line: line[...], state: &state).count == 1)
    #expect(state.isUnknown)
    #expect(Language.json.lex(line: Array("true".utf8)[...], state: &state).isEmpty)
    #expect(state.isUnknown)
  }

  @Test(
    arguments: [
      (.c, ["/* a", "b"], ["*/"]), (.c, ["#if 0", "#if 1 /*", "#endif"], ["#endif"]),
      (.rust, ["/* /* */"], ["*/"]),
      (.swift, ["##\"\"\"", "\"\"\""], ["\"\"\"##"]),
      (.python, ["x = '''"], ["'''"]), (.cpp, ["R\"tag(", ")other\""], [")tag\""]),
      (.shell, ["cat <<A <<'B'", "A"], ["B"]), (.ruby, ["=begin", " =end"], ["=end"]),
      (.html, ["<script>", "/* </p>"], ["</script>"]), (.markdown, ["````swift", "```"], ["````"]),
      (.yaml, ["key: |", "  text", ""], ["next: 1"]), (.lua, ["--[==[ ]]"], ["]==]"]),
      (.javascript, ["`${ {", "}"], ["}`"]),
      (.javascript, ["<a", "b={x =>", "<i>'{", "}</i>"], ["}>don't", "<br/></a>"]),
      (.sql, ["AS $a$", "$$"], ["$$ 'x", "' $a$"]), (.ocaml, ["(* (*", "*)"], ["*)"]),
      (.elixir, ["~S\"\"\""], ["\"\"\""]), (.cmake, ["#[=[", "]]"], ["]=]"]),
      (.php, ["<?php", "?> <?php \"{$a"], ["}\" ?>"]),
    ] as [(Language, [String], [String])])
  func `what a line leaves open is closed by its own delimiter`(
    language: Language, opening: [String], closing: [String]
  ) {
    var state = LexState()
    for line in opening {
      _ = language.lex(line: Array(line.utf8)[...], state: &state)
      #expect(state != LexState())
    }
    for line in closing { _ = language.lex(line: Array(line.utf8)[...], state: &state) }
    #expect(state == LexState())
  }

  @Test(arguments: ["let a = \"open", "let a = \"\\(b", "case 'x"])
  func `a string that cannot span lines ends with its line`(line: String) {
    var state = LexState()
    _ = Language.swift.lex(line: Array(line.utf8)[...], state: &state)
    #expect(state == LexState())
  }
}
