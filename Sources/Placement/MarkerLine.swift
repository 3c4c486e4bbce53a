// The marker lines of SEARCH/REPLACE blocks.

/// A line that starts, divides or ends a block; lengths count the repeated sign.
enum MarkerLine: Equatable {
  case search(length: Int)
  case delete
  case move(to: [UInt8])
  case divider(length: Int)
  case end(length: Int)
  /// Begins like a start marker but says nothing we know.
  case unknownStart

  /// The lengths that are read as markers.
  static let lengths = 5...9

  /// Reads a line without its terminator; nil when it is an ordinary line.
  static func read(_ line: ArraySlice<UInt8>) -> MarkerLine? {
    guard let sign = line.first else { return nil }
    let length = line.prefix { $0 == sign }.count
    let rest = line.dropFirst(length).trimmed
    switch sign {
    case UInt8(ascii: "<"):
      guard length >= lengths.lowerBound || (length >= 4 && rest.startsWith("SEARCH")) else {
        return nil
      }
      return start(length: length, word: rest)
    case UInt8(ascii: "="):
      return lengths.contains(length) && rest.isEmpty ? .divider(length: length) : nil
    case UInt8(ascii: ">"):
      guard lengths.contains(length) else { return nil }
      return rest.equals("REPLACE") || rest.equals("DELETE") || rest.equals("MOVE")
        ? .end(length: length) : nil
    default:
      return nil
    }
  }

  /// Reads a start marker behind blanks, block quotes or list signs; nil when there is none, or nothing in front of it.
  static func behindSigns(_ line: ArraySlice<UInt8>) -> MarkerLine? {
    let rest = withoutSigns(line)
    guard rest.count < line.count, rest.first == UInt8(ascii: "<") else { return nil }
    return read(rest)
  }

  /// Drops blanks, block quotes and list signs in front of a line.
  static func withoutSigns(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = line.drop(while: \.isBlank)
    while let sign = rest.first {
      let next = rest.dropFirst().first
      if sign == UInt8(ascii: ">"), next.map({ $0.isBlank || "<=".utf8.contains($0) }) ?? false {
        rest = rest.dropFirst()
      } else if "-*+".utf8.contains(sign), next?.isBlank ?? false {
        rest = rest.dropFirst()
      } else {
        let number = rest.drop(while: \.isASCIIDigit)
        guard number.count < rest.count, number.startsWith(". ") || number.startsWith(") ") else {
          break
        }
        rest = number.dropFirst()
      }
      rest = rest.drop(while: \.isBlank)
    }
    return rest
  }

  private static func start(length: Int, word: ArraySlice<UInt8>) -> MarkerLine {
    guard lengths.contains(length) else { return .unknownStart }
    if word.equals("SEARCH") || word.equals("SEARCH>") { return .search(length: length) }
    if word.equals("DELETE") { return .delete }
    if word.equals("MOVE") { return .move(to: []) }
    if word.startsWith("MOVE ") {
      return .move(to: PathLine.undecorated(word.dropFirst("MOVE ".utf8.count)))
    }
    return .unknownStart
  }
}

/// A run of backticks or tildes that opens or closes fenced text.
struct FenceLine: Equatable {
  let sign: UInt8
  let length: Int
  /// What follows the run, trimmed: a language, sometimes a path.
  let note: [UInt8]

  /// Reads a line without its terminator; up to three blanks may stand before the run.
  init?(_ line: ArraySlice<UInt8>) {
    let indent = line.prefix { $0 == UInt8(ascii: " ") }.count
    guard indent <= 3 else { return nil }
    let rest = line.dropFirst(indent)
    guard let sign = rest.first, sign == UInt8(ascii: "`") || sign == UInt8(ascii: "~") else {
      return nil
    }
    let length = rest.prefix { $0 == sign }.count
    let note = rest.dropFirst(length).trimmed
    guard length >= 3, !(sign == UInt8(ascii: "`") && note.contains(sign)) else { return nil }
    self.sign = sign
    self.length = length
    self.note = Array(note)
  }

  /// Whether the fence says that it holds a diff.
  var holdsDiff: Bool { ["diff", "patch", "udiff"].contains { note[...].equals($0) } }

  /// Whether this line ends the fenced text that `open` began.
  func closes(_ open: FenceLine) -> Bool {
    sign == open.sign && length >= open.length && note.isEmpty
  }
}
