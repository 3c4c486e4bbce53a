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
  /// Each once, sorted; those of comments and texts among them.
  let mentioned: [String]

  /// More names of one file than this say nothing of it.
  private static let mostNames = 4_000
  private static let lengths = 3...64

  init(definitions: [Definition], mentioned: [String]) {
    self.definitions = definitions
    self.mentioned = mentioned
  }

  /// - Parameter defined: what another program found, in any order; lines and names that the content does not have are left out.
  init(_ content: [UInt8], defining defined: [Definition]) {
    let names = Self.names(in: content)
    mentioned = names.sorted()
    definitions = defined.filter { names.contains($0.name) && $0.line >= 0 }
      .sorted { ($0.line, $0.name) < ($1.line, $1.name) }
  }

  /// Words of letters, digits, underscores and what is not ASCII, that begin with no digit. O(bytes).
  private static func names(in content: [UInt8]) -> Set<String> {
    func isLetter(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    var names: Set<ArraySlice<UInt8>> = []
    var start: Int?
    for index in 0...content.count {
      let byte = index < content.count ? content[index] : 0
      if isLetter(byte) || isDigit(byte) {
        if start == nil { start = index }
        continue
      }
      if let first = start, lengths.contains(index - first), !isDigit(content[first]),
        names.count < mostNames
      {
        names.insert(content[first..<index])
      }
      start = nil
    }
    return Set(names.compactMap { String(validating: $0, as: UTF8.self) })
  }
}
