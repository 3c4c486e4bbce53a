// A line as rules look at it: lower-cased once, with its comment and its words found on demand.

struct RuleLine {
  let bytes: [UInt8]
  /// The same length as `bytes`; only ASCII letters are changed.
  let lower: [UInt8]
  let language: Languages
  let isTest: Bool
  /// Hosts that removed lines had already.
  let knownHosts: Set<String>
  /// Where the comment begins, or the end of the line.
  let commentStart: Int

  init(
    _ content: ArraySlice<UInt8>, language: Languages, isTest: Bool, knownHosts: Set<String> = []
  ) {
    bytes = Array(content)
    lower = bytes.map(Self.lowered)
    self.language = language
    self.isTest = isTest
    self.knownHosts = knownHosts
    commentStart = Self.commentStart(bytes, language)
  }

  private static func commentStart(_ bytes: [UInt8], _ language: Languages) -> Int {
    if language == .prose { return 0 }
    let first = bytes.firstIndex { !isBlank($0) } ?? 0
    if first < bytes.count, bytes[first] == UInt8(ascii: "*") { return first }
    for index in bytes.indices {
      let previous = index > 0 ? bytes[index - 1] : UInt8(ascii: " ")
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      switch bytes[index] {
      case UInt8(ascii: "/") where next == UInt8(ascii: "/") && previous != UInt8(ascii: ":"),
        UInt8(ascii: "/") where next == UInt8(ascii: "*") && !isWord(previous):
        if !language.hasHashComments || language == .php || language == .other { return index }
      case UInt8(ascii: "#") where language.hasHashComments && isBlank(previous): return index
      case UInt8(ascii: "-") where language.hasDashComments && next == UInt8(ascii: "-"):
        if isBlank(previous) { return index }
      case UInt8(ascii: "<") where next == UInt8(ascii: "!"):
        if bytes[index...].starts(with: "<!--".utf8) { return index }
      default: break
      }
    }
    return bytes.count
  }

  static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 32 : byte
  }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
  static func isWord(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// Whether the lower-cased line has `text`, a lower-case ASCII text.
  func has(_ text: String) -> Bool { lower.firstRange(of: Array(text.utf8)) != nil }
  func hasAny(_ texts: [String]) -> Bool { texts.contains { has($0) } }

  func byte(at index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }

  /// The bytes from `index` on that satisfy a condition.
  func run(from index: Int, while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    guard index < bytes.count else { return [] }
    return bytes[index...].prefix(while: condition)
  }

  /// The index after blanks.
  func skipBlanks(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
    return index
  }

  func startsWord(_ index: Int) -> Bool { index == 0 || !Self.isWord(bytes[index - 1]) }
  func endsWord(_ index: Int) -> Bool { index >= bytes.count || !Self.isWord(bytes[index]) }

  /// The identifier that ends before `index`, lower-cased, over blanks.
  func wordBefore(_ index: Int) -> String {
    var end = index
    while end > 0, Self.isBlank(bytes[end - 1]) { end -= 1 }
    var start = end
    while start > 0, Self.isWord(bytes[start - 1]) { start -= 1 }
    return String(decoding: lower[start..<end], as: UTF8.self)
  }
}
