// Words that mean something by where they stand: keys, targets, and Perl's quote operators.

extension LineLexer {
  /// Colours the word that ends at `at` as a key, a target or a quote, if it is one.
  mutating func lexWordHabit(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    if grammar.heuristics.contains(.assignedKeys) { return lexAssignedKey(bytes, from: start) }
    if grammar.heuristics.contains(.makeRules) { return lexMakeRule(bytes, from: start) }
    return openPerlQuote(bytes, from: start)
  }

  /// `name =` and `a.b =`, first on a line or in an inline table.
  private mutating func lexAssignedKey(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    var before = start
    while before > 0, bytes[before - 1].isBlank { before -= 1 }
    guard before == 0 || bytes[before - 1] == "{" || bytes[before - 1] == "," else {
      return false
    }
    var place = at
    while place < end, bytes[place].continuesName || bytes[place] == "." || bytes[place] == "-" {
      place += 1
    }
    guard byte(bytes, skippingBlanks(bytes, place)) == "=" else { return false }
    emit(start, place, .type)
    at = place
    return true
  }

  /// `target:` and `NAME =`, at the very start of a line.
  private mutating func lexMakeRule(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard start == 0, !continuesLine, grammar.words.find(bytes, start, at) == nil else {
      return false
    }
    var place = at
    while place < end, bytes[place] != ":", bytes[place] != "=", bytes[place] != "$",
      bytes[place] != "#"
    {
      place += 1
    }
    guard place < end else { return false }
    // `=`, `:=`, `::=`, `:::=`, against `:` and `::`.
    var sign = place
    while byte(bytes, sign) == ":", sign < place + 3 { sign += 1 }
    if byte(bytes, sign) == "=" {
      emit(start, at, .constant)
    } else if bytes[place] == ":" {
      while place > start, bytes[place - 1].isBlank { place -= 1 }
      take(to: at, .function)
      emit(start, place, .function)
      at = place
    } else {
      return false
    }
    return true
  }
}
