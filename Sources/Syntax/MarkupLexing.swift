// Reading HTML and XML: text, tags, and the elements that hold code.

/// What the `rule` of a `tag` or `element` frame says.
private enum MarkupContent: UInt8 { case text, script, style }

extension LineLexer {
  /// Reads text up to a tag, a comment, an entity or PHP.
  mutating func lexMarkup(_ bytes: Span<UInt8>) {
    while at < end {
      let byte = bytes[at]
      if byte == "&" {
        lexEntity(bytes)
      } else if byte != "<" {
        at += 1
      } else if openMarkupConstruct(bytes) {
        return
      } else {
        at += 1
      }
    }
  }

  /// `&amp;` and `&#38;`.
  private mutating func lexEntity(_ bytes: Span<UInt8>) {
    var place = at + 1
    if byte(bytes, place) == "#" { place += 1 }
    let name = place
    while place < end, place - name < 32, bytes[place].continuesName { place += 1 }
    if place > name, byte(bytes, place) == ";" {
      take(to: place + 1, .constant)
    } else {
      at += 1
    }
  }

  /// Opens what begins with the `<` at `at`, and says whether something did.
  private mutating func openMarkupConstruct(_ bytes: Span<UInt8>) -> Bool {
    let phpLength = grammar.language == .xml ? 0 : phpOpening(bytes)
    if phpLength > 0, frames.count < Self.depthLimit {
      take(to: at + phpLength, .preprocessor)
      push(Frame(kind: .code, language: .phpCode))
      return true
    }
    for (index, comment) in grammar.blockComments.enumerated()
    where comment.open.matchesIgnoringCase(bytes, at: at, before: end) {
      let start = at
      at += comment.open.count
      lexBlockComment(
        bytes,
        Frame(
          kind: .blockComment, language: grammar.language, rule: UInt8(index), count: 1),
        from: start)
      return true
    }
    let isClosing = byte(bytes, at + 1) == "/"
    let name = isClosing ? at + 2 : at + 1
    guard byte(bytes, name).startsName, frames.count < Self.depthLimit else { return false }
    let nameEnd = markupNameEnd(bytes, name)
    var content = MarkupContent.text
    if grammar.language != .xml, !isClosing {
      let script = Literal("script")
      let style = Literal("style")
      if nameEnd - name == 6, script.matchesIgnoringCase(bytes, at: name, before: nameEnd) {
        content = .script
      } else if nameEnd - name == 5, style.matchesIgnoringCase(bytes, at: name, before: nameEnd) {
        content = .style
      }
    }
    emit(name, nameEnd, .keyword)
    at = nameEnd
    push(Frame(kind: .tag, language: grammar.language, rule: content.rawValue))
    return true
  }

  private func markupNameEnd(_ bytes: Span<UInt8>, _ place: Int) -> Int {
    var place = place
    while place < end,
      bytes[place].continuesName || bytes[place] == "-" || bytes[place] == ":"
        || bytes[place] == "." || bytes[place] == "@"
    {
      place += 1
    }
    return place
  }

  /// Reads on inside a tag: attribute names and values.
  mutating func lexTag(_ bytes: Span<UInt8>, _ frame: Frame) {
    let depth = frames.count
    while at < end {
      let byte = bytes[at]
      if byte == ">" {
        at += 1
        let isEmpty = self.byte(bytes, at - 2) == "/"
        frames.removeLast()
        if frame.rule != MarkupContent.text.rawValue, !isEmpty { openElement(bytes, frame) }
        return
      } else if byte == "\"" || byte == "'" {
        if openString(bytes, byte == "\"" ? 0 : 1, from: at, fence: 0) {
          if frames.count != depth { return }
        } else {
          at += 1
        }
      } else if byte == "<", phpOpening(bytes) > 0, depth < Self.depthLimit {
        take(to: at + phpOpening(bytes), .preprocessor)
        push(Frame(kind: .code, language: .phpCode))
        return
      } else if byte == "<" {
        // A tag that never closed; what follows is more likely the next one.
        frames.removeLast()
        return
      } else if byte == "=" {
        at = skippingBlanks(bytes, at + 1)
        let value = at
        while at < end, bytes[at].continuesName || bytes[at] == "#" || bytes[at] == "/" { at += 1 }
        emit(value, at, .string)
      } else if byte.startsName || byte == "@" || byte == ":" {
        take(to: max(markupNameEnd(bytes, at), at + 1), .type)
      } else {
        at += 1
      }
    }
  }

  // MARK: Elements that hold code

  private mutating func openElement(_ bytes: Span<UInt8>, _ tag: Frame) {
    guard frames.count + 2 <= Self.depthLimit else { return }
    push(Frame(kind: .element, language: tag.language, rule: tag.rule))
    pushElementCode(tag)
    findElementEnd(bytes)
  }

  private mutating func pushElementCode(_ element: Frame) {
    let isStyle = element.rule == MarkupContent.style.rawValue
    push(Frame(kind: .code, language: isStyle ? .scss : .javascript))
  }

  /// Puts `end` before what ends the innermost element that holds code, or interrupts it with PHP,
  /// if it is ahead.
  mutating func findElementEnd(_ bytes: Span<UInt8>) {
    guard let index = frames.lastIndex(where: { $0.kind == .element }),
      !frames[index...].contains(where: { $0.language == .phpCode })
    else { return }
    let element = frames[index]
    let isStyle = element.rule == MarkupContent.style.rawValue
    let close = Literal(isStyle ? "</style" : "</script")
    var place = at
    while place < lineEnd {
      if bytes[place] == "<",
        close.matchesIgnoringCase(bytes, at: place, before: lineEnd)
          || element.language == .php && Literal("<?").matches(bytes, at: place, before: lineEnd)
      {
        end = place
        return
      }
      place += 1
    }
  }

  /// Opens the PHP that interrupts an element at `end`, whatever is open in the element's code.
  mutating func openPHPInElement(_ bytes: Span<UInt8>) -> Bool {
    guard end < lineEnd, at == end, bytes[end] == "<", frames.count < Self.depthLimit,
      frames.contains(where: { $0.kind == .element && $0.language == .php })
    else { return false }
    end = lineEnd
    let length = phpOpening(bytes)
    guard length > 0 else {
      guard byte(bytes, at + 1) == "?" else { return false }
      // Some other processing instruction: read on after it.
      at += 2
      findElementEnd(bytes)
      return true
    }
    take(to: at + length, .preprocessor)
    push(Frame(kind: .code, language: .phpCode))
    return true
  }

  /// Goes back to the markup after the code of an element, at its closing tag.
  mutating func closeElement() {
    end = lineEnd
    guard let index = frames.lastIndex(where: { $0.kind == .element }) else { return }
    frames.removeSubrange(index...)
  }

  /// The code of an element was closed by something else than its tag: opens it again.
  mutating func lexElement(_ bytes: Span<UInt8>, _ frame: Frame) {
    if frames.count < Self.depthLimit { pushElementCode(frame) } else { at = end }
  }
}
