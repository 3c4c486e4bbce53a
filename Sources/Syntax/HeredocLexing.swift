// Text that begins on the line after its mark and ends with a line that repeats the mark's tag.

/// What the `rule` of a `heredoc` frame says.
private enum HeredocTrait {
  static let endMayBeIndented: UInt8 = 1
  static let interpolates: UInt8 = 2
  /// Code can follow the closing tag on its line (PHP).
  static let codeMayFollowEnd: UInt8 = 4
}

extension LineLexer {
  /// Reads the mark at `at`; its text is opened at the end of the line.
  mutating func openHeredoc(_ bytes: Span<UInt8>, _ special: Special) -> Bool {
    let start = at
    var place = at + (special == .phpHeredoc ? 3 : 2)
    if special == .shellHeredoc, byte(bytes, place) == "<" {
      at = place + 1
      return true
    }
    if special == .shellHeredoc, isArithmetic(bytes) { return false }
    var traits = HeredocTrait.interpolates
    let sign = byte(bytes, place)
    if special == .phpHeredoc {
      traits |= HeredocTrait.endMayBeIndented | HeredocTrait.codeMayFollowEnd
    } else if sign == "-" || sign == "~", special != .perlHeredoc || sign == "~" {
      traits |= HeredocTrait.endMayBeIndented
      place += 1
    }
    let isMarked = traits & HeredocTrait.endMayBeIndented != 0
    if special == .shellHeredoc || special == .phpHeredoc { place = skippingBlanks(bytes, place) }
    if byte(bytes, place) == "\\", special == .shellHeredoc {
      traits &= ~HeredocTrait.interpolates
      place += 1
    }
    let quote = byte(bytes, place)
    var tag = place..<place
    if quote == "'" || quote == "\"" || quote == "`" {
      if quote == "'" { traits &= ~HeredocTrait.interpolates }
      if quote == "\"", special == .shellHeredoc { traits &= ~HeredocTrait.interpolates }
      var tagEnd = place + 1
      while tagEnd < end, bytes[tagEnd] != quote { tagEnd += 1 }
      guard tagEnd < end else { return false }
      tag = place + 1..<tagEnd
      place = tagEnd + 1
    } else {
      guard quote.startsName else { return false }
      // `list << NAME` and `1 << n` are no heredocs.
      if special == .rubyHeredoc, !isMarked {
        guard quote.isUpperCase, !isOperand(bytes, before: start) || bytes[start - 1].isBlank
        else { return false }
      }
      if special == .perlHeredoc, !isMarked {
        guard quote.isUpperCase || quote == "_" else { return false }
      }
      place = nameEnd(bytes, place)
      tag = tag.lowerBound..<place
    }
    guard heredocs.count < 8, tag.count <= Int(UInt16.max) else { return false }
    heredocs.append(
      Frame(
        kind: .heredoc, language: grammar.language, rule: traits, count: UInt16(tag.count),
        tag: Self.hash(bytes, tag.lowerBound, tag.upperBound)))
    take(to: place, .string)
    return true
  }

  /// Whether `((` comes before, so that `<<` shifts.
  private func isArithmetic(_ bytes: Span<UInt8>) -> Bool {
    var place = at - 1
    while place > 0 {
      if bytes[place] == "(", bytes[place - 1] == "(" { return true }
      if bytes[place] == ";" || at - place > 200 { return false }
      place -= 1
    }
    return false
  }

  /// Ends the innermost heredoc if this line is its last, and says whether one was open.
  mutating func closeHeredoc(_ bytes: Span<UInt8>) -> Bool {
    guard let frame = frames.last, frame.kind == .heredoc else { return false }
    var place = 0
    if frame.rule & HeredocTrait.endMayBeIndented != 0 { place = skippingBlanks(bytes, 0) }
    let tagEnd = place + Int(frame.count)
    guard tagEnd <= lineEnd, Self.hash(bytes, place, tagEnd) == frame.tag else { return true }
    let ends =
      frame.rule & HeredocTrait.codeMayFollowEnd != 0
      ? !byte(bytes, tagEnd).continuesName : tagEnd == lineEnd
    if ends {
      frames.removeLast()
      at = place
      take(to: tagEnd, .string)
    }
    return true
  }

  /// Reads on in the text of a heredoc.
  mutating func lexHeredocLine(_ bytes: Span<UInt8>, _ frame: Frame) {
    var start = at
    let kinds = frame.rule & HeredocTrait.interpolates != 0 ? heredocInterpolation : []
    guard !kinds.isEmpty else {
      take(to: end, .string)
      return
    }
    while at < end {
      if bytes[at] == "\\" {
        at = min(at + 2, end)
        continue
      }
      switch interpolation(bytes, kinds, fence: 0) {
      case .name(let length):
        emit(start, at, .string)
        take(to: at + length, .constant)
        start = at
      case .code(let length, let closer):
        at += length
        if pushCode(until: closer) {
          emit(start, at, .string)
          return
        }
      case .text(let length): at += length
      case .php, nil: at += 1
      }
    }
    emit(start, at, .string)
  }

  private var heredocInterpolation: Interpolation {
    switch grammar.language {
    case .ruby: .hashBrace
    case .phpCode: [.braceDollar, .dollarName, .dollarBrace]
    case .shell, .dockerfile: .shell
    default: []
    }
  }
}
