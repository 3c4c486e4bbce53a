// Reads drawn cells back to the bytes they stand for: what can be read back was drawn injectively.

import CellGrid

/// The glyphs of one drawn line, without styles, and the reading of them.
///
/// Written against the description of the notation, not after the code that draws it: a `<` with
/// digits and `>` is a scalar or byte, a tab's sign is a tab where blanks go on to its stop, a
/// blank's sign is a blank among the last blanks, a carriage return's sign is one.
struct DrawnText {
  /// Base and marks of every cell; the right half of a wide glyph adds nothing.
  let scalars: [Unicode.Scalar]
  let options: SafeText.Options

  /// The text as `Painter` draws it into cells.
  init(painting bytes: [UInt8], options: SafeText.Options = SafeText.Options()) {
    let text = SafeText(bytes, options: options)
    let width = text.width
    var grid = Grid(width: max(1, width), height: 1)
    grid.paint { painter in painter.safe(text, row: 0, column: 0, style: Style()) }
    var scalars: [Unicode.Scalar] = []
    for cell in grid.row(0).prefix(width) where !cell.isRightHalf {
      scalars.append(cell.base)
      if let first = cell.marks.first { scalars.append(first) }
      if let second = cell.marks.second { scalars.append(second) }
    }
    self.scalars = scalars
    self.options = options
  }

  /// One thing drawn, with the bytes it stands for unless the end of the line decides about it.
  private enum Part: Equatable {
    case bytes([UInt8])
    /// A literal blank, or a sign that stands for a blank among the last blanks.
    case blank, blankSign
    case tab
    case carriageReturn
  }

  /// Returns the bytes that the cells stand for.
  var bytes: [UInt8] {
    var parts = self.parts
    let end = parts.last == .carriageReturn ? parts.count - 1 : parts.count
    let isMarked = options.blankMarks != .none
    var index = end
    var tailBytes = 0
    // The sign stands for a blank as far back as blanks are looked for.
    while index > 0, isMarked, let length = Self.tailLength(parts[index - 1]),
      options.blankMarks == .all || tailBytes + length <= 4096
    {
      tailBytes += length
      index -= 1
      if parts[index] == .blankSign { parts[index] = .blank }
    }
    return parts.flatMap { part -> [UInt8] in
      switch part {
      case .bytes(let bytes): bytes
      case .blank: [0x20]
      case .blankSign: options.blankMarks == .all ? [0x20] : Array("·".utf8)
      case .tab: [0x09]
      case .carriageReturn: [0x0D]
      }
    }
  }

  private static func tailLength(_ part: Part) -> Int? {
    switch part {
    case .blank, .blankSign, .tab: 1
    case .bytes([0xC2, 0xB7]): 2
    case .bytes, .carriageReturn: nil
    }
  }

  private var parts: [Part] {
    var parts: [Part] = []
    var index = 0
    var column = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "<", let (bytes, length) = notation(at: index) {
        parts.append(.bytes(bytes))
        (index, column) = (index + length, column + length)
      } else if scalar == SafeText.tabSign, let length = tabLength(at: index, column: column) {
        parts.append(.tab)
        (index, column) = (index + length, column + length)
      } else {
        switch scalar {
        case " ": parts.append(.blank)
        case SafeText.blankSign: parts.append(.blankSign)
        case SafeText.carriageReturnSign: parts.append(.carriageReturn)
        default: parts.append(.bytes(Array(String(scalar).utf8)))
        }
        index += 1
        column += max(0, DisplayWidth.of(scalar))
      }
    }
    return parts
  }

  private func tabLength(at index: Int, column: Int) -> Int? {
    let length = options.tabWidth - column % options.tabWidth
    let end = index + length
    guard end <= scalars.count, scalars[index + 1..<end].allSatisfy({ $0 == " " }) else {
      return nil
    }
    return length
  }

  private func notation(at index: Int) -> (bytes: [UInt8], length: Int)? {
    guard let close = scalars[index...].prefix(10).firstIndex(of: ">") else { return nil }
    let inside = scalars[index + 1..<close]
    let isScalar = inside.starts(with: ["U", "+"])
    let digits = isScalar ? inside.dropFirst(2) : inside
    guard isScalar ? (4...6).contains(digits.count) : digits.count == 2 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case "0"..."9": value = value << 4 | (digit.value - 0x30)
      case "A"..."F": value = value << 4 | (digit.value - 0x41 + 10)
      default: return nil
      }
    }
    if !isScalar { return ([UInt8(value)], 4) }
    return Unicode.Scalar(value).map { (Array(String($0).utf8), inside.count + 2) }
  }
}
