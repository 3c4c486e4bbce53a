// What a file defines and what it mentions.

/// The names that a file defines, and those that occur in it.
struct FileTags: Hashable, Sendable {
  struct Definition: Hashable, Sendable {
    let name: String
    /// 0-based.
    let line: Int
  }

  /// Ascending by line.
  let definitions: [Definition]
  /// Each once, sorted: what is called, and what is no word of a text by chance; those of comments among them.
  let mentioned: [String]

  /// More names of one file than this say nothing of it.
  private static let mostNames = 1_500
  private static let lengths = 3...64

  init(definitions: [Definition], mentioned: [String]) {
    self.definitions = definitions
    self.mentioned = mentioned
  }

  /// - Parameter defined: what another program found, in any order; lines and names that the content does not have are left out.
  init(_ content: [UInt8], defining defined: [Definition]) {
    let words = Self.words(in: content)
    mentioned = words.filter { $0.value || Self.isDistinctive($0.key) }.keys.sorted()
    definitions = defined.filter { words[$0.name] != nil && $0.line >= 0 }
      .sorted { ($0.line, $0.name) < ($1.line, $1.name) }
  }

  /// Whether a name is none that stands in a text by chance: of several words, of a type, or long.
  static func isDistinctive(_ name: String) -> Bool {
    name.utf8.count >= 9 || name.contains { $0.isUppercase || $0 == "_" }
  }

  /// Words of letters, digits, underscores and what is not ASCII, that begin with no digit, and whether they are called somewhere: a bracket
  /// follows. O(bytes).
  private static func words(in content: [UInt8]) -> [String: Bool] {
    func isLetter(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    var names: [ArraySlice<UInt8>: Bool] = [:]
    var start: Int?
    for index in 0...content.count {
      let byte = index < content.count ? content[index] : 0
      if isLetter(byte) || isDigit(byte) {
        if start == nil { start = index }
        continue
      }
      if let first = start, lengths.contains(index - first), !isDigit(content[first]) {
        let name = content[first..<index]
        let isCalled = byte == UInt8(ascii: "(")
        if let before = names[name] {
          if isCalled, !before { names[name] = true }
        } else if names.count < mostNames {
          names[name] = isCalled
        }
      }
      start = nil
    }
    var words: [String: Bool] = [:]
    for (name, isCalled) in names {
      if let word = String(validating: name, as: UTF8.self) { words[word] = isCalled }
    }
    return words
  }
}
