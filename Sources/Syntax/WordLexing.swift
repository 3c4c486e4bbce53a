// Reading words: the lists first, then what their looks and their neighbours tell.

extension LineLexer {
  @inline(__always)
  mutating func lexWord(_ bytes: Span<UInt8>, _ grammar: CompiledGrammar, to wordEnd: Int) {
    let start = at
    let next = wordEnd < end ? bytes[wordEnd] : 0
    if next == "\"" || next == "'" || next == "#" || next == "`", wordEnd - start <= 4,
      lexPrefixedString(bytes, grammar, to: wordEnd)
    {
      return
    }
    at = wordEnd
    if grammar.hasWordHabits, lexWordHabit(bytes, from: start) { return }
    let isMember = isMember(bytes, start, grammar)
    if let value = grammar.words.find(bytes, start, wordEnd), !isMember || value.isMember,
      !value.onlyAtLineStart || isCommand(bytes, start),
      !value.needsWordAfter || isWordFollowing(bytes, wordEnd)
    {
      emit(start, wordEnd, value.kind)
      // `def self.name`
      let goesOn =
        introduced == .function && next == "." && skippingBlanks(bytes, introducedAt) == start
      if !goesOn { introduced = value.introduces }
      introducedAt = goesOn ? wordEnd + 1 : wordEnd
      return
    }
    if start == declaredAt {
      emit(start, wordEnd, .function)
      return
    }
    if let introduced {
      self.introduced = nil
      if skippingBlanks(bytes, introducedAt) == start {
        // `func (r T) name`, `def self.name`: what is declared comes after the dot.
        if next == ".", introduced == .function {
          self.introduced = introduced
          introducedAt = wordEnd + 1
        } else {
          if next == "?" || next == "!", grammar.heuristics.contains(.bangNames) { at += 1 }
          emit(start, at, introduced)
          return
        }
      }
    }
    guessWord(bytes, grammar.heuristics, from: start, next: next, isMember: isMember)
  }

  /// Colours a word that is in no list, by its looks and by what follows.
  @inline(__always)
  private mutating func guessWord(
    _ bytes: Span<UInt8>, _ heuristics: Heuristics, from start: Int, next: UInt8, isMember: Bool
  ) {
    let wordEnd = at
    var head = start
    while head < wordEnd - 1, bytes[head] == "_" { head += 1 }
    let isUpperCase = bytes[head].isUpperCase
    if heuristics.contains(.calls),
      next == "("
        || heuristics.contains(.spacedCalls) && next == " " && byte(bytes, wordEnd + 1) == "("
    {
      let isType =
        isUpperCase && heuristics.contains(.capitalisedTypes)
        && !heuristics.contains(.callsOverTypes)
      emit(start, wordEnd, isType ? .type : .function)
    } else if next == "!" || next == "?", lexBang(bytes, heuristics, from: start) {
      return
    } else if isUpperCase {
      if heuristics.contains(.upperCaseConstants), wordEnd - start > 1,
        isAllUpperCase(bytes, start, wordEnd)
      {
        emit(start, wordEnd, .constant)
      } else if heuristics.contains(.capitalisedTypes) {
        emit(start, wordEnd, .type)
      }
    } else if heuristics.contains(.underscoreT), wordEnd - start > 2,
      bytes[wordEnd - 1] == "t", bytes[wordEnd - 2] == "_"
    {
      emit(start, wordEnd, .type)
    } else if heuristics.contains(.selectors), next == ":", wordEnd + 1 < end,
      bytes[wordEnd + 1] != ":", !Literal("case ").matches(bytes, at: start - 5, before: end)
    {
      emit(start, wordEnd, .function)
    } else if heuristics.contains(.labels), next == ":", byte(bytes, wordEnd + 1) != ":",
      byte(bytes, start - 1) != "?"
    {
      emit(start, wordEnd, .constant)
    } else if heuristics.contains(.signatures), start == 0 {
      emit(start, wordEnd, .function)
    }
  }

  /// `name!` and `name?`, where they are words.
  private mutating func lexBang(
    _ bytes: Span<UInt8>, _ heuristics: Heuristics, from start: Int
  ) -> Bool {
    let after = byte(bytes, at + 1)
    if heuristics.contains(.bangMacros), bytes[at] == "!", after != "=" {
      at += 1
      emit(start, at, .function)
      return true
    }
    if heuristics.contains(.bangNames), after != "=", !after.continuesName {
      at += 1
      if after == "(" { emit(start, at, .function) }
      return true
    }
    return false
  }

  private func isAllUpperCase(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for place in start..<end where !(bytes[place] &- 0x30 < 10) {
      if !bytes[place].isUpperCase, bytes[place] != "_" { return false }
    }
    return true
  }

  @inline(__always)
  func isMember(_ bytes: Span<UInt8>, _ start: Int, _ grammar: CompiledGrammar) -> Bool {
    guard start > 0 else { return false }
    let before = bytes[start - 1]
    if before == "." {
      return !(start > 1 && bytes[start - 2] == ".") && !grammar.heuristics.contains(.noMembers)
    }
    return before == ">" && start > 1 && bytes[start - 2] == "-"
      && grammar.heuristics.contains(.arrowMembers)
  }

  /// Whether a blank and then a name or a string come at `place`.
  ///
  /// Not before words of two letters, which are operators rather: `open in list`.
  private func isWordFollowing(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
    let next = skippingBlanks(bytes, place)
    guard next > place, next < end else { return false }
    switch bytes[next] {
    case "\"", "'", "`", "@", "$", "*": return true
    default:
      guard bytes[next].startsName else { return false }
      guard !byte(bytes, next + 2).continuesName else { return true }
      return !["in", "is", "as", "to", "or"].contains {
        Literal($0).matches(bytes, at: next, before: end)
      }
    }
  }

  /// Whether the word at `start` is the first of a line that does not continue another.
  func isCommand(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    isFirst(bytes, start) && !continuesLine
  }
}
