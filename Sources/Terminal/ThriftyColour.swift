// Colours of control sequences as small values, read and written without allocating: a frame has thousands of them.

/// A colour that a control sequence sets.
///
/// One that the palette of 256 has exactly, from 16 on where terminals agree on it, is that palette's.
struct ThriftyColour: Equatable {
  private enum Kind: UInt8 {
    case standard, named, palette, rgb
  }

  private let kind: Kind
  /// The parameter of a named colour, the number in the palette, or red, green and blue.
  private let value: UInt32

  static let standard = ThriftyColour(kind: .standard, value: 0)

  /// A colour with a parameter of its own, such as 31 or 104.
  static func named(_ parameter: Int) -> ThriftyColour {
    ThriftyColour(kind: .named, value: UInt32(truncatingIfNeeded: parameter))
  }

  private init(kind: Kind, value: UInt32) {
    self.kind = kind
    self.value = value
  }

  private init?(_ red: Int, _ green: Int, _ blue: Int) {
    guard red < 256, green < 256, blue < 256 else { return nil }
    if let index = Self.paletteIndex(red, green, blue) {
      self.init(kind: .palette, value: UInt32(truncatingIfNeeded: index))
    } else {
      self.init(kind: .rgb, value: UInt32(truncatingIfNeeded: red << 16 | green << 8 | blue))
    }
  }

  /// Reads what follows 38 or 48: `;5;n` or `;2;r;g;b`.
  init?(semicolons reader: inout ParameterReader) {
    guard reader.skipSemicolon(), let form = reader.number() else { return nil }
    func next() -> Int? { reader.skipSemicolon() ? reader.number() : nil }
    switch form {
    case 5:
      guard let index = next(), index < 256 else { return nil }
      self.init(kind: .palette, value: UInt32(truncatingIfNeeded: index))
    case 2:
      guard let red = next(), let green = next(), let blue = next() else { return nil }
      self.init(red, green, blue)
    default: return nil
    }
  }

  /// Reads what follows 38 or 48: `:5:n`, `:2:r:g:b` or `:2::r:g:b`.
  init?(colons reader: inout ParameterReader) {
    guard reader.skipColon(), let form = reader.number() else { return nil }
    func next() -> Int? { reader.skipColon() ? reader.number() : nil }
    switch form {
    case 5:
      guard let index = next(), index < 256 else { return nil }
      self.init(kind: .palette, value: UInt32(truncatingIfNeeded: index))
    case 2:
      guard reader.skipColon() else { return nil }
      let hasSpace = reader.isAtColon
      guard let first = reader.number(), let second = next(), let third = next() else { return nil }
      if hasSpace {
        guard let blue = next() else { return nil }
        self.init(second, third, blue)
      } else {
        self.init(first, second, third)
      }
    default: return nil
    }
    // A tolerance is nothing that we can write again.
    if reader.isAtColon { return nil }
  }

  /// Writes its parameters, with semicolons: every terminal of direct colours reads these, and others beside them.
  ///
  /// - Parameter code: 38 for a foreground, 48 for a background.
  func write(_ code: Int, to sequence: inout SequenceWriter) {
    let (red, green, blue) = (Int(value >> 16), Int(value >> 8 & 0xFF), Int(value & 0xFF))
    switch kind {
    case .standard: sequence.add(code + 1)
    case .named: sequence.add(Int(value))
    case .palette:
      sequence.add(code)
      sequence.add(5)
      sequence.add(Int(value))
    case .rgb:
      for number in [code, 2, red, green, blue] { sequence.add(number) }
    }
  }

  private static func paletteIndex(_ red: Int, _ green: Int, _ blue: Int) -> Int? {
    if red == green, green == blue, red >= 8, red <= 238, (red - 8) % 10 == 0 {
      return 232 + (red - 8) / 10
    }
    guard let red = level(red), let green = level(green), let blue = level(blue) else { return nil }
    return 16 + 36 * red + 6 * green + blue
  }

  /// The place of a component among the levels of the palette's cube: 0, 95, 135, 175, 215, 255.
  private static func level(_ component: Int) -> Int? {
    if component == 0 { return 0 }
    guard component >= 95, (component - 95) % 40 == 0 else { return nil }
    return (component - 95) / 40 + 1
  }
}

/// Reads the parameters of a control sequence.
struct ParameterReader {
  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  var isAtEnd: Bool { index == bytes.endIndex }
  var isAtColon: Bool { index < bytes.endIndex && bytes[index] == UInt8(ascii: ":") }

  /// The digits here, 0 for none; nil for more than a parameter can have.
  mutating func number() -> Int? {
    var value = 0
    while index < bytes.endIndex, case let digit = bytes[index], digit >= 0x30, digit <= 0x39 {
      value = value * 10 + Int(digit) - 0x30
      guard value < 1_000_000 else { return nil }
      index += 1
    }
    return value
  }

  mutating func skipSemicolon() -> Bool { skip(UInt8(ascii: ";")) }
  mutating func skipColon() -> Bool { skip(UInt8(ascii: ":")) }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard index < bytes.endIndex, bytes[index] == byte else { return false }
    index += 1
    return true
  }
}

/// Writes graphic renditions behind what is there.
struct SequenceWriter {
  private(set) var bytes: [UInt8]
  private var isOpen = false

  init(_ bytes: consuming [UInt8]) { self.bytes = bytes }

  mutating func add(_ number: Int) {
    if isOpen {
      bytes.append(UInt8(ascii: ";"))
    } else {
      bytes.append(0x1B)
      bytes.append(UInt8(ascii: "["))
      isOpen = true
    }
    append(number)
  }

  /// Ends a sequence, if one was begun.
  mutating func end() {
    if isOpen { bytes.append(UInt8(ascii: "m")) }
    isOpen = false
  }

  private mutating func append(_ number: Int) {
    if number >= 100 { bytes.append(UInt8(truncatingIfNeeded: 0x30 + number / 100 % 10)) }
    if number >= 10 { bytes.append(UInt8(truncatingIfNeeded: 0x30 + number / 10 % 10)) }
    bytes.append(UInt8(truncatingIfNeeded: 0x30 + number % 10))
  }
}
