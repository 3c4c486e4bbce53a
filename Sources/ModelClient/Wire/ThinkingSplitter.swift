// Tells thinking from answering where a server leaves `<think>` in the text.

/// Splits a text that begins with `<think>…</think>` into reasoning and answer.
///
/// Only at the beginning: such a tag later on is content. Bytes that may still become a tag are held
/// back until the next piece, or the end, shows what they are.
struct ThinkingSplitter: Sendable {
  private enum Place { case beginning, thinking, answering }

  private static let opening = Array("<think>".utf8)
  private static let closing = Array("</think>".utf8)

  private var place = Place.beginning
  private var held: [UInt8] = []

  /// Calls `reasoning` and `answer` with the parts of `piece`, in order.
  mutating func feed(
    _ piece: [UInt8], reasoning: ([UInt8]) -> Void, answer: ([UInt8]) -> Void
  ) {
    held += piece
    while !held.isEmpty {
      switch place {
      case .answering:
        answer(held)
        held = []
      case .beginning:
        let blanks = held.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        let rest = held[blanks.endIndex...]
        if rest.starts(with: Self.opening) {
          held = Array(rest.dropFirst(Self.opening.count))
          place = .thinking
        } else if Self.opening.starts(with: rest) {
          return  // Blanks only, or the beginning of a tag.
        } else {
          place = .answering
        }
      case .thinking:
        guard let tag = held.firstRange(of: Self.closing) else {
          let kept = longestTail(of: held, beginning: Self.closing)
          if held.count > kept { reasoning(Array(held.dropLast(kept))) }
          held = Array(held.suffix(kept))
          return
        }
        if !tag.isEmpty, tag.lowerBound > 0 { reasoning(Array(held[..<tag.lowerBound])) }
        held = Array(held[tag.upperBound...])
        place = .answering
      }
    }
  }

  /// Hands out what was held back, because nothing more comes.
  mutating func end(reasoning: ([UInt8]) -> Void, answer: ([UInt8]) -> Void) {
    guard !held.isEmpty else { return }
    if place == .thinking { reasoning(held) } else { answer(held) }
    held = []
  }

  private func longestTail(of bytes: [UInt8], beginning tag: [UInt8]) -> Int {
    var length = min(bytes.count, tag.count - 1)
    while length > 0, !bytes.suffix(length).elementsEqual(tag.prefix(length)) { length -= 1 }
    return length
  }
}
