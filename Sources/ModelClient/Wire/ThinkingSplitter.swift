// Tells thinking from answering where a server leaves the marks of thinking in the text.

/// Splits a text that begins with `<think>…</think>`, or with gpt-oss's channel of analysis, into
/// reasoning and answer.
///
/// Only at the beginning: such a mark later on is content. Bytes that may still become a mark are held
/// back until the next piece, or the end, shows what they are. A text whose first mark is missing,
/// because the template wrote it into the prompt, is all answer: nobody can tell before it is too late.
struct ThinkingSplitter: Sendable {
  private enum Place {
    case beginning
    /// Until the mark that closes.
    case thinking([UInt8])
    case answering
  }

  private struct Marks {
    let opening: [UInt8]
    let closing: [UInt8]

    init(_ opening: String, _ closing: String) {
      self.opening = Array(opening.utf8)
      self.closing = Array(closing.utf8)
    }
  }

  private static let marks = [
    Marks("<think>", "</think>"),
    Marks("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
  ]

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
        if let marks = Self.marks.first(where: { rest.starts(with: $0.opening) }) {
          held = Array(rest.dropFirst(marks.opening.count))
          place = .thinking(marks.closing)
        } else if Self.marks.contains(where: { $0.opening.starts(with: rest) }) {
          return  // Blanks only, or the beginning of a mark.
        } else {
          place = .answering
        }
      case .thinking(let closing):
        guard let tag = held.firstRange(of: closing) else {
          let kept = longestTail(of: held, beginning: closing)
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
    if case .thinking = place { reasoning(held) } else { answer(held) }
    held = []
  }

  private func longestTail(of bytes: [UInt8], beginning tag: [UInt8]) -> Int {
    var length = min(bytes.count, tag.count - 1)
    while length > 0, !bytes.suffix(length).elementsEqual(tag.prefix(length)) { length -= 1 }
    return length
  }
}
