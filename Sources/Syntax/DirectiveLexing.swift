// Reading the lines of a preprocessor, and those it leaves out.

extension LineLexer {
  /// `#define`, `#include <file>`; with `leavesOut`, `#if 0` makes the lines after it comments.
  mutating func lexDirective(_ bytes: Span<UInt8>, leavesOut: Bool) -> Bool {
    guard isFirst(bytes, at) else { return false }
    let name = skippingBlanks(bytes, at + 1)
    let nameEnd = nameEnd(bytes, name)
    guard nameEnd > name else { return false }
    take(to: nameEnd, .preprocessor)
    if leavesOut, nameEnd - name == 2, Literal("if").matches(bytes, at: name, before: nameEnd) {
      let condition = skippingBlanks(bytes, nameEnd)
      let next = byte(bytes, skippingBlanks(bytes, condition + 1))
      if byte(bytes, condition) == "0", next == 0 || next == "/", frames.count < Self.depthLimit {
        emit(condition, condition + 1, .number)
        at = condition + 1
        push(Frame(kind: .disabled, language: grammar.language, count: 1))
      }
      return true
    }
    let includes = Literal("include").matches(bytes, at: name, before: nameEnd)
    guard includes || Literal("import").matches(bytes, at: name, before: nameEnd) else {
      return true
    }
    let open = skippingBlanks(bytes, at)
    guard byte(bytes, open) == "<" else { return true }
    var place = open
    while place < end, bytes[place] != ">" { place += 1 }
    guard place < end else { return true }
    at = open
    take(to: place + 1, .string)
    return true
  }

  /// Counts the conditions within lines that are left out, and ends those at the last one's end.
  mutating func closeDisabled(_ bytes: Span<UInt8>) {
    guard let frame = frames.last, frame.kind == .disabled else { return }
    let mark = skippingBlanks(bytes, 0)
    guard byte(bytes, mark) == "#" else { return }
    let name = skippingBlanks(bytes, mark + 1)
    let top = frames.count - 1
    if Literal("if").matches(bytes, at: name, before: end) {
      if frame.count < .max { frames[top].count += 1 }
    } else if Literal("endif").matches(bytes, at: name, before: end) {
      frames[top].count -= 1
      if frame.count == 1 { frames.removeLast() }
    } else if frame.count == 1, Literal("el").matches(bytes, at: name, before: end) {
      frames.removeLast()
    }
  }
}
