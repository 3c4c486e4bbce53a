// A file taken apart in the plainest way, and the comparisons of lines that the design page names.

import Placement

/// A file's byte order mark and its lines, each with the line ending it has.
struct ReferenceFile {
  struct Line: Equatable {
    var body: [UInt8]
    var ending: [UInt8]
  }

  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let hasMark: Bool
  let lines: [Line]
  /// The bodies after trailing blanks, and folded as well.
  let stripped: [[UInt8]]
  let folded: [[UInt8]]

  /// - Parameter mark: whether a mark at the start is one; the question is the old file's, when `content` is what became of it.
  init(_ content: [UInt8], mark: Bool = true) {
    hasMark = mark && content.starts(with: Self.mark)
    var lines: [Line] = []
    var body: [UInt8] = []
    for byte in content.dropFirst(hasMark ? 3 : 0) {
      if byte != 10 {
        body.append(byte)
      } else if body.last == 13 {
        lines.append(Line(body: Array(body.dropLast()), ending: [13, 10]))
        body = []
      } else {
        lines.append(Line(body: body, ending: [10]))
        body = []
      }
    }
    if !body.isEmpty { lines.append(Line(body: body, ending: [])) }
    self.lines = lines
    stripped = lines.map { Reference.stripped($0.body) }
    folded = lines.map { Reference.folded($0.body) }
  }

  var lacksFinalNewline: Bool { lines.last.map { $0.ending.isEmpty } ?? false }
}

/// Comparisons of single lines.
enum Reference {
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 11 || byte == 12 || byte == 13
  }

  static func isBlank(_ line: [UInt8]) -> Bool { folded(line).isEmpty }

  /// Without trailing blanks.
  static func stripped(_ line: [UInt8]) -> [UInt8] {
    var line = line
    while let last = line.last, isBlank(last) { line.removeLast() }
    return line
  }

  /// Without typographic punctuation, odd spaces and trailing blanks.
  static func folded(_ line: [UInt8]) -> [UInt8] {
    guard line.contains(where: { $0 > 127 }) else { return stripped(line) }
    var text = ""
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x2010...0x2015, 0x2212: text.append("-")
      case 0x2018...0x201B: text.append("'")
      case 0x201C...0x201F: text.append("\"")
      case 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: text.append(" ")
      default: text.unicodeScalars.append(scalar)
      }
    }
    return stripped(Array(text.utf8))
  }

  static func indentation(_ line: [UInt8]) -> [UInt8] { Array(line.prefix { $0 == 32 || $0 == 9 }) }

  static func trimmed(_ line: [UInt8]) -> [UInt8] { Array(stripped(line).drop(while: isBlank)) }

  static func withoutReturn(_ line: [UInt8]) -> [UInt8] {
    line.last == 13 ? Array(line.dropLast()) : line
  }

  /// A line of an answer as it stands for line `index` of a file.
  static func plain(_ line: [UInt8], asLine index: Int, of file: ReferenceFile) -> [UInt8] {
    let line = withoutReturn(line)
    return index == 0 && file.hasMark && line.starts(with: ReferenceFile.mark)
      ? Array(line.dropFirst(3)) : line
  }

  /// The comparison of a line of SEARCH with a line of REPLACE.
  static func areSame(_ left: [UInt8], _ right: [UInt8], on rung: PlacementRung) -> Bool {
    switch rung {
    case .trailingBlanks, .indentation: stripped(left) == stripped(right)
    case .typography: folded(left) == folded(right)
    case .exact, .wholeFile, .byHand: left == right
    }
  }

  /// A constant shift of the indentation.
  enum Shift {
    case adds([UInt8])
    case removes([UInt8])

    /// nil when the line lacks the blanks; blank lines stay.
    func applied(_ line: [UInt8]) -> [UInt8]? {
      if stripped(line).isEmpty { return line }
      switch self {
      case .adds(let blanks): return blanks + line
      case .removes(let blanks):
        return line.starts(with: blanks) ? Array(line.dropFirst(blanks.count)) : nil
      }
    }
  }
}
