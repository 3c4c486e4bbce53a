// Reading patches, whose lines say by their first bytes what they are.

extension LineLexer {
  mutating func lexDiff(_ bytes: Span<UInt8>) {
    guard at == 0 else {
      at = end
      return
    }
    switch bytes[0] {
    case "+":
      take(to: end, Literal("+++ ").matches(bytes, at: 0, before: end) ? .keyword : .string)
    case "-":
      take(to: end, Literal("--- ").matches(bytes, at: 0, before: end) ? .keyword : .constant)
    case "@":
      var place = 0
      while byte(bytes, place) == "@" { place += 1 }
      while place < end, bytes[place] != "@" { place += 1 }
      while byte(bytes, place) == "@" { place += 1 }
      take(to: place, .function)
    case "\\": take(to: end, .comment)
    // Without context (`diff` alone).
    case ">" where byte(bytes, 1).isBlank: take(to: end, .string)
    case "<" where byte(bytes, 1).isBlank: take(to: end, .constant)
    default:
      let headings = [
        "diff ", "index ", "Index: ", "=======", "rename ", "copy ", "new ", "deleted ", "old ",
        "Binary ", "similari", "dissimil",
      ]
      let isHeading = headings.contains { Literal($0).matches(bytes, at: 0, before: end) }
      if isHeading { take(to: end, .preprocessor) }
    }
    at = end
  }
}
