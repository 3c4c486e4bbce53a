// Sends graphic renditions only where they change what is drawn next: ncurses sets everything anew at every change of one thing.

/// Follows the renditions that ncurses asks for, and sends what differs from the terminal's when something is to be drawn with them.
///
/// What a frame leaves behind is known in the next, unless something else wrote in between (`forget`). A rendition it does not read is sent
/// as it is, and then nothing is known until one says all of it. So the most it can do wrong is to send too much.
struct ColourThrift {
  /// Colours and attributes of a terminal.
  private struct Rendition: Equatable {
    var foreground = ThriftyColour.standard
    var background = ThriftyColour.standard
    /// One bit for each of the parameters 1 to 9.
    var attributes: UInt16 = 0
  }

  /// What the terminal has; nil when unknown.
  private var actual: Rendition?
  /// What is to be there when something is drawn; nil when unknown, and then `actual` is too.
  private var wanted: Rendition?
  /// Whether line drawing characters may be switched on, so that switching them off means something.
  private var usesOtherCharacters = false

  /// Returns what of a frame's `bytes` has to be sent. O(bytes).
  mutating func thinned(_ bytes: [UInt8]) -> [UInt8] {
    usesOtherCharacters = false
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x1B, index + 1 < bytes.count else {
        // Carriage return and backspace move the cursor; all else draws, a line feed at the bottom too.
        if bytes[index] != 0x0D, bytes[index] != 0x08 { settle(&result) }
        result.append(bytes[index])
        index += 1
        continue
      }
      if bytes[index + 1] == UInt8(ascii: "("), index + 2 < bytes.count {
        let isPlain = bytes[index + 2] == UInt8(ascii: "B")
        if !isPlain { usesOtherCharacters = true }
        if !isPlain || usesOtherCharacters { result += bytes[index..<index + 3] }
        index += 3
        continue
      }
      guard bytes[index + 1] == UInt8(ascii: "["),
        let end = Self.end(ofSequenceAt: index + 2, in: bytes)
      else {
        settle(&result)
        result += bytes[index..<index + 2]
        index += 2
        continue
      }
      if bytes[end] == UInt8(ascii: "m") {
        take(bytes[(index + 2)..<end], &result)
      } else {
        // Erasing and inserting take the background along, moving does not.
        if !Self.moves.contains(bytes[end]) { settle(&result) }
        result += bytes[index...end]
      }
      index = end + 1
    }
    settle(&result)
    return result
  }

  /// Something else has written to the terminal.
  mutating func forget() {
    actual = nil
    wanted = nil
  }

  private static let moves = Set("ABCDGHdf".utf8)

  /// The index of the final byte of a control sequence whose parameters begin at `start`.
  private static func end(ofSequenceAt start: Int, in bytes: [UInt8]) -> Int? {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x20...0x3F: index += 1
      case 0x40...0x7E: return index
      default: return nil
      }
    }
    return nil
  }

  // MARK: Reading

  private mutating func take(_ parameters: ArraySlice<UInt8>, _ result: inout [UInt8]) {
    var next = wanted
    if Self.apply(parameters, to: &next), let next {
      // The first rendition of a frame says what is there, whatever was.
      if wanted == nil { result += [0x1B] + "[".utf8 + parameters + "m".utf8 }
      if wanted == nil { actual = next }
      wanted = next
    } else {
      settle(&result)
      result += [0x1B] + "[".utf8 + parameters + "m".utf8
      actual = nil
      wanted = nil
    }
  }

  /// Changes `rendition` as the parameters ask; false when they cannot be read, or what they leave alone is unknown.
  private static func apply(
    _ parameters: ArraySlice<UInt8>, to rendition: inout Rendition?
  ) -> Bool {
    var reader = ParameterReader(parameters)
    repeat {
      guard let number = reader.number() else { return false }
      if reader.isAtColon {
        guard let colour = ThriftyColour(colons: &reader) else { return false }
        switch number {
        case 38: rendition?.foreground = colour
        case 48: rendition?.background = colour
        default: return false
        }
        continue
      }
      switch number {
      case 0: rendition = Rendition()
      case 1...9: rendition?.attributes |= 1 << UInt16(number)
      case 22: rendition?.attributes &= ~(1 << 1 | 1 << 2)
      case 23, 24, 25, 27: rendition?.attributes &= ~(1 << UInt16(number - 20))
      case 39: rendition?.foreground = .standard
      case 49: rendition?.background = .standard
      case 30...37, 90...97: rendition?.foreground = .named(number)
      case 40...47, 100...107: rendition?.background = .named(number)
      case 38, 48:
        guard let colour = ThriftyColour(semicolons: &reader) else { return false }
        if number == 38 { rendition?.foreground = colour } else { rendition?.background = colour }
      default: return false
      }
    } while reader.skipSemicolon()
    return reader.isAtEnd && rendition != nil
  }

  // MARK: Sending

  /// Brings the terminal to what is wanted.
  private mutating func settle(_ result: inout [UInt8]) {
    guard let wanted, let actual, wanted != actual else { return }
    self.actual = wanted
    if wanted == Rendition() {
      result += [0x1B, UInt8(ascii: "["), UInt8(ascii: "m")]
      return
    }
    var sequence = SequenceWriter(result)
    result = []
    let lost = actual.attributes & ~wanted.attributes
    var kept = actual.attributes & ~lost
    if lost & (1 << 1 | 1 << 2) != 0 {
      sequence.add(22)
      kept &= ~(1 << 1 | 1 << 2)
    }
    for number in 3...9 where lost & (1 << UInt16(number)) != 0 { sequence.add(number + 20) }
    for number in 1...9 where (wanted.attributes & ~kept) & (1 << UInt16(number)) != 0 {
      sequence.add(number)
    }
    if actual.foreground != wanted.foreground { wanted.foreground.write(38, to: &sequence) }
    if actual.background != wanted.background { wanted.background.write(48, to: &sequence) }
    sequence.end()
    result = sequence.bytes
  }
}
