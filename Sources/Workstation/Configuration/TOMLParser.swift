// Reads TOML 1.0 with the line of everything. Written here because no Swift package gives the lines
// without bringing all of Foundation, and settings that decide what may be connected to must be
// refused with their place, never cut at a NUL or guessed.

/// Builds the tables of a TOML text.
struct TOMLParser {
  /// How deep lists and inline tables may be nested.
  private static let depthLimit = 32

  private var scanner: TOMLScanner
  private let root = TOMLDraft(.header, line: 1)

  static func table(of bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
    var parser = TOMLParser(scanner: try TOMLScanner(bytes))
    return try parser.document()
  }

  private init(scanner: TOMLScanner) {
    self.scanner = scanner
  }

  private mutating func document() throws(TOMLError) -> TOMLTable {
    var current = root
    while true {
      scanner.skipLines()
      guard scanner.next != nil else { return root.table }
      if scanner.follows("[") {
        current = try header()
      } else {
        try keyAndValue(into: current, depth: 0)
        try scanner.expectLineEnd(after: "a value")
      }
    }
  }

  private mutating func header() throws(TOMLError) -> TOMLDraft {
    let line = scanner.line
    let isListElement = scanner.accept("[[")
    if !isListElement { _ = scanner.accept("[") }
    let key = try scanner.dottedKey()
    try scanner.expect(isListElement ? "]]" : "]", within: "a table's name")
    try scanner.expectLineEnd(after: "a table's name")
    var table = root
    for part in key.dropLast() { table = try table.tableAbove(part, line: line) }
    return isListElement
      ? try table.appendElement(key[key.count - 1], line: line)
      : try table.openTable(key[key.count - 1], line: line)
  }

  private mutating func keyAndValue(into table: TOMLDraft, depth: Int) throws(TOMLError) {
    let line = scanner.line
    let key = try scanner.dottedKey()
    try scanner.expect("=", within: "an entry, after its key")
    scanner.skipBlanks()
    let node = try value(depth: depth)
    var owner = table
    for part in key.dropLast() { owner = try owner.tableOfDottedKey(part, line: line) }
    try owner.insert(key[key.count - 1], line: line, node)
  }

  private mutating func value(depth: Int) throws(TOMLError) -> TOMLNode {
    guard depth <= TOMLParser.depthLimit else {
      throw scanner.unexpected("at most \(TOMLParser.depthLimit) levels of nesting")
    }
    let line = scanner.line
    switch scanner.next {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return TOMLNode(value: .string(try scanner.string()), line: line)
    case UInt8(ascii: "["):
      return TOMLNode(value: .array(try array(depth: depth)), line: line)
    case UInt8(ascii: "{"):
      return TOMLNode(value: .table(try inlineTable(depth: depth)), line: line)
    default:
      return TOMLNode(value: try scanner.word(), line: line)
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) -> [TOMLNode] {
    _ = scanner.accept("[")
    var elements: [TOMLNode] = []
    while true {
      scanner.skipLines()
      if scanner.accept("]") { return elements }
      elements.append(try value(depth: depth + 1))
      scanner.skipLines()
      if scanner.accept("]") { return elements }
      try scanner.expect(",", within: "a list")
    }
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
    _ = scanner.accept("{")
    let draft = TOMLDraft(.header, line: scanner.line)
    scanner.skipBlanks()
    if scanner.accept("}") { return draft.table }
    while true {
      try keyAndValue(into: draft, depth: depth + 1)
      scanner.skipBlanks()
      if scanner.accept("}") { return draft.table }
      try scanner.expect(",", within: "an inline table")
    }
  }
}
