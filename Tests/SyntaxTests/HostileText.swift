// Text made to break a lexer: fragments of delimiters in random order, and long lines of one.

import TestSupport
import Syntax

enum HostileText {
  static let fragments = [
    "\"", "'", "`", "\"\"\"", "'''", "/*", "*/", "//", "#", "--", "{-", "-}", "<!--", "-->",
    "<<EOF",
    "EOF", "<<-'A'", "<<~A", "A", "<<<T", "T;", "\\", "\\(", "${", "$(", "$x", "#{", "{", "}", "(",
    ")", "[", "]", "[[", "[==[", "]==]", "R\"x(", ")x\"", "r#\"", "\"#", "#[", "$$", "$a$", "%w[",
    "%q(", "q{", "s/a/b/", "tr{", "m|", "=pod", "=cut", "=begin", "__END__", "<script>",
    "</script>", "<style ", "</style", "<?php ", "?>", "<a b=", ">", "```", "```swift", "~~~",
    "---",
    "key: |", "- ", ": ", "| ", "@", "@\"", "$\"", "$@\"", "\"\"\"\"", "%", "&amp;", "!", "0x",
    "1e+",
    ".5", "name", "func ", "class ", "def ", "if ", "Type", "MAX", " ", "  ", "\t", "\r", "\u{0}",
    "\u{FF}", "\u{1F600}", "<![CDATA[", "]]>", "f\"", "rb'", "`${", "::", "?", "=", "#include <",
    "<b ", "<A>", "</b>", "<>", "~r/", "~S\"\"\"", "(*", "*)", "{|", "|}", "#[[", "$(X)", "[A(",
    "- (void)", "$q$", "AS $$", ":@", "0x1.", "open ", "[a]: ",
    "#if 0", "#endif", "#else",
  ].map { Array($0.utf8) }

  /// Lines of fragments and random bytes, without their line feeds.
  static func lines(_ count: Int, seed: Int) -> [[UInt8]] {
    var random = SeededRandom(UInt64(bitPattern: Int64(seed)))
    return (0..<count).map { _ in
      var line: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<9, using: &random) {
        if Int.random(in: 0..<8, using: &random) == 0 {
          line.append(UInt8.random(in: 0...255, using: &random))
        } else {
          line += fragments.randomElement(using: &random) ?? []
        }
      }
      return line.filter { $0 != 10 }
    }
  }
}
