// Reading string literals, with what their delimiters, escapes and embedded code ask for.

extension LineLexer {
  /// Opens the string whose rule wants the word from `at` up to `wordEnd` before its delimiter.
  mutating func lexPrefixedString(
    _ bytes: Span<UInt8>, _ grammar: CompiledGrammar, to wordEnd: Int
  ) -> Bool {
    let start = at
    for (text, rule) in grammar.prefixes
    where text.count == wordEnd - start
      && text.matchesIgnoringCase(bytes, at: start, before: wordEnd)
    {
      at = wordEnd
      let opened =
        if case .around = grammar.strings[Int(rule)].fence {
          openFencedString(bytes, rule, from: start)
        } else {
          openString(bytes, rule, from: start, fence: 0)
        }
      if opened { return true }
      at = start
    }
    return false
  }

  /// Opens a string whose delimiter begins, at `at`, with any number of its fence's byte.
  mutating func openFencedString(_ bytes: Span<UInt8>, _ rule: UInt8, from start: Int) -> Bool {
    guard case .around(let fence) = grammar.strings[Int(rule)].fence else { return false }
    let first = at
    while byte(bytes, at) == fence, at - first < 255 { at += 1 }
    if openString(bytes, rule, from: start, fence: at - first) { return true }
    at = first
    return false
  }

  /// Opens a string at `at`, its colour beginning at `start`, and reads on in it.
  mutating func openString(
    _ bytes: Span<UInt8>, _ index: UInt8, from start: Int, fence: Int
  ) -> Bool {
    let rule = grammar.strings[Int(index)]
    guard rule.open.matches(bytes, at: at, before: end) else { return false }
    var frame = Frame(
      kind: .string, language: grammar.language, rule: index, count: UInt16(fence))
    var place = at + rule.open.count
    switch rule.fence {
    case .none, .around: break
    case .between(let fence):
      while byte(bytes, place) == fence, frame.count < 255 {
        place += 1
        frame.count += 1
      }
      guard byte(bytes, place) == "[" else { return false }
      place += 1
    case .run:
      frame.count = 3
      while byte(bytes, place) == "\"", frame.count < 255 {
        place += 1
        frame.count += 1
      }
    case .parenthesis, .dollar:
      let isDollar = rule.fence == .dollar
      let tag = place
      while isDollar
        ? byte(bytes, place).continuesName
        : place < end && bytes[place] != "(" && bytes[place] != ")" && !bytes[place].isBlank
          && bytes[place] != "\\" && bytes[place] != "\"",
        place - tag <= 32
      {
        place += 1
      }
      guard byte(bytes, place) == (isDollar ? "$" : "(") else { return false }
      frame.count = UInt16(place - tag)
      frame.tag = Self.hash(bytes, tag, place)
      place += 1
    }
    if rule.mustClose {
      let bit: UInt64 = 1 << UInt64(index)
      guard unclosed & bit == 0 else { return false }
      guard closesOnLine(bytes, frame, rule, from: place) else {
        unclosed |= bit
        return false
      }
    }
    at = place
    lexString(bytes, frame, from: start)
    return true
  }

  /// Reads on in a string whose colour begins at `start`, until it closes, code begins in it, or
  /// the line ends.
  mutating func lexString(_ bytes: Span<UInt8>, _ frame: Frame, from start: Int) {
    let grammar = self.grammar
    let rule = grammar.strings[Int(frame.rule)]
    let stopTable = grammar.stringStops
    let stops = stopTable.span
    let base = Int(frame.rule) << 8
    var start = start
    while at < end {
      let byte = bytes[at]
      if !stops[base + Int(byte)] {
        at += 1
        continue
      }
      let closeEnd = closing(bytes, at: at, frame, rule)
      if closeEnd > 0 {
        at = closeEnd
        let isKey = grammar.heuristics.contains(.stringKeys) && isKeyEnd(bytes)
        emit(start, at, isKey ? .type : rule.kind)
        return
      }
      if !rule.interpolation.isEmpty,
        let hit = interpolation(bytes, rule.interpolation, fence: Int(frame.count))
      {
        switch hit {
        case .text(let length): at += length
        case .name(let length):
          emit(start, at, rule.kind)
          take(to: at + length, .constant)
          start = at
        case .code(let length, let closer):
          at += length
          guard frames.count + 2 <= Self.depthLimit else { continue }
          emit(start, at, rule.kind)
          push(frame)
          _ = pushCode(until: closer)
          return
        case .php(let length):
          guard frames.count + 2 <= Self.depthLimit else {
            at += length
            continue
          }
          emit(start, at, rule.kind)
          take(to: at + length, .preprocessor)
          push(frame)
          push(Frame(kind: .code, language: .phpCode))
          return
        }
        continue
      }
      at = min(at + skipped(bytes, at: at, rule), end)
    }
    emit(start, at, rule.kind)
    push(frame)
  }

  /// How many bytes at `place` are an escape, else 1.
  private func skipped(_ bytes: Span<UInt8>, at place: Int, _ rule: CompiledString) -> Int {
    switch rule.escape {
    case .backslash:
      // With a fence a backslash alone means itself; `interpolation` reads those that do not.
      if case .around = rule.fence { return 1 }
      return bytes[place] == "\\" ? 2 : 1
    case .backtick: return bytes[place] == "`" ? 2 : 1
    case .doubling: return rule.close.matches(bytes, at: place, before: end) ? 2 : 1
    case .none: return 1
    }
  }

  /// The end of the closing delimiter at `start`, or 0 when there is none.
  private func closing(
    _ bytes: Span<UInt8>, at start: Int, _ frame: Frame, _ rule: CompiledString
  ) -> Int {
    guard rule.close.matches(bytes, at: start, before: end) else { return 0 }
    var place = start + rule.close.count
    let count = Int(frame.count)
    switch rule.fence {
    case .none:
      if rule.escape == .doubling, rule.close.matches(bytes, at: place, before: end) { return 0 }
    case .around(let fence):
      for _ in 0..<count {
        guard byte(bytes, place) == fence else { return 0 }
        place += 1
      }
    case .between(let fence):
      for _ in 0..<count {
        guard byte(bytes, place) == fence else { return 0 }
        place += 1
      }
      guard byte(bytes, place) == "]" else { return 0 }
      place += 1
    case .run:
      place = start
      for _ in 0..<count {
        guard byte(bytes, place) == "\"" else { return 0 }
        place += 1
      }
    case .parenthesis, .dollar:
      let closer: Unicode.Scalar = rule.fence == .dollar ? "$" : "\""
      guard place + count < end, bytes[place + count] == closer,
        Self.hash(bytes, place, place + count) == frame.tag
      else { return 0 }
      place += count + 1
    }
    return place
  }

  private func closesOnLine(
    _ bytes: Span<UInt8>, _ frame: Frame, _ rule: CompiledString, from place: Int
  ) -> Bool {
    var place = place
    while place < end {
      if closing(bytes, at: place, frame, rule) > 0 { return true }
      place += skipped(bytes, at: place, rule)
    }
    // Past the end by the backslash that continues the string.
    return rule.continues && place > end
  }

  /// Whether a colon follows.
  private func isKeyEnd(_ bytes: Span<UInt8>) -> Bool {
    byte(bytes, skippingBlanks(bytes, at)) == ":"
  }
}
