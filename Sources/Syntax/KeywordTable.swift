// Finding a word of the source text in a language's word lists.

/// A hash table from words to what they are, laid out flat so that a search touches no references.
struct KeywordTable: Sendable {
  /// What a listed word is.
  struct Value: Sendable {
    var kind: TokenKind
    var isMember = false
    var onlyAtLineStart = false
    /// It is what it is only before another word.
    var needsWordAfter = false
    /// What the next word is then, by declaration.
    var introduces: TokenKind?
  }

  private struct Entry: Sendable {
    let offset: UInt32
    let length: Int
    /// The next entry with the same hash, plus one; 0 ends the list.
    let next: UInt16
    let value: Value
  }

  private let heads: [UInt16]
  private let entries: [Entry]
  private let text: [UInt8]
  private let mask: Int
  private let lengths: ClosedRange<Int>
  private let ignoresCase: Bool

  init(_ words: [[UInt8]: Value], ignoresCase: Bool) {
    var size = 16
    while size < words.count * 4 { size *= 2 }
    mask = size - 1
    var heads = [UInt16](repeating: 0, count: size)
    var entries: [Entry] = []
    var text: [UInt8] = []
    for (word, value) in words {
      let slot = Self.hash(
        length: word.count, first: word[0], second: word[word.count > 1 ? 1 : 0],
        last: word[word.count - 1], mask: mask)
      let offset = UInt32(text.count)
      entries.append(
        Entry(offset: offset, length: word.count, next: heads[slot], value: value))
      heads[slot] = UInt16(entries.count)
      text += word
    }
    let counts = words.keys.map(\.count)
    lengths = (counts.min() ?? 0)...(counts.max() ?? 0)
    self.heads = heads
    self.entries = entries
    self.text = text
    self.ignoresCase = ignoresCase
  }

  /// What the word from `start` up to `end` is listed as. O(length).
  @inline(__always)
  func find(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Value? {
    let length = end - start
    guard lengths.contains(length), length > 0 else { return nil }
    return ignoresCase
      ? search(bytes, start, length) { $0.lowerCased } : search(bytes, start, length) { $0 }
  }

  @inline(__always)
  private func search(
    _ bytes: Span<UInt8>, _ start: Int, _ length: Int, fold: (UInt8) -> UInt8
  ) -> Value? {
    let slot = Self.hash(
      length: length, first: fold(bytes[start]), second: fold(bytes[start + (length > 1 ? 1 : 0)]),
      last: fold(bytes[start + length - 1]), mask: mask)
    var index = heads[slot]
    search: while index != 0 {
      let entry = entries[Int(index) - 1]
      index = entry.next
      guard entry.length == length else { continue }
      for offset in 0..<length
      where fold(bytes[start + offset]) != text[Int(entry.offset) + offset] {
        continue search
      }
      return entry.value
    }
    return nil
  }

  @inline(__always)
  private static func hash(
    length: Int, first: UInt8, second: UInt8, last: UInt8, mask: Int
  ) -> Int {
    (length &* 7 &+ Int(first) &* 31 &+ Int(second) &* 131 &+ Int(last) &* 5) & mask
  }
}
