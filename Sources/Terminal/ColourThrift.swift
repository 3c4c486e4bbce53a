// Sends graphic renditions only where they change what is drawn next: ncurses sets everything anew at every change of one thing.

/// Follows the renditions that ncurses asks for, and sends what differs from the terminal's when something is to be drawn with them.
///
/// What a frame leaves behind is known in the next, unless something else wrote in between (`forget`). A rendition it does not read is sent
/// as it is, and then nothing is known until one says all of it. So the most it can do wrong is to send too much.
struct ColourThrift {
  /// Colours and attributes of a terminal.
  private struct Rendition: Equatable {
    /// The parameters that set the colour; the defaults are 39 and 49.
    var foreground = Array("39".utf8)
    var background = Array("49".utf8)
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
    let parts = parameters.split(
      separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    var index = 0
    while index < parts.count {
      let part = parts[index]
      if part.contains(UInt8(ascii: ":")) {
        // A colour of one piece: 38:2::r:g:b, 48:5:n.
        if part.starts(with: "38:".utf8) {
          rendition?.foreground = shortest(part)
        } else if part.starts(with: "48:".utf8) {
          rendition?.background = shortest(part)
        } else {
          return false
        }
        index += 1
        continue
      }
      guard let number = part.isEmpty ? 0 : Int(String(decoding: part, as: UTF8.self)) else {
        return false
      }
      switch number {
      case 0: rendition = Rendition()
      case 1...9: rendition?.attributes |= 1 << UInt16(number)
      case 22: rendition?.attributes &= ~(1 << 1 | 1 << 2)
      case 23, 24, 25, 27: rendition?.attributes &= ~(1 << UInt16(number - 20))
      case 30...37, 39, 90...97: rendition?.foreground = Array(part)
      case 40...47, 49, 100...107: rendition?.background = Array(part)
      case 38, 48:
        let count =
          index + 1 < parts.count
          ? (parts[index + 1].elementsEqual("5".utf8)
            ? 3 : parts[index + 1].elementsEqual("2".utf8) ? 5 : 0) : 0
        guard count > 0, index + count <= parts.count else { return false }
        let colour = shortest(
          parameters[parts[index].startIndex..<parts[index + count - 1].endIndex])
        if number == 38 { rendition?.foreground = colour } else { rendition?.background = colour }
        index += count - 1
      default: return false
      }
      index += 1
    }
    return rendition != nil
  }

  /// A colour's parameters; one that the palette of 256 has exactly, from 16 on where terminals agree on it, by its number there.
  private static func shortest(_ colour: ArraySlice<UInt8>) -> [UInt8] {
    let numbers = colour.split(whereSeparator: {
      $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":")
    })
    .map { $0.reduce(0) { $0 * 10 + Int($1) - 48 } }
    guard numbers.count >= 5, numbers[1] == 2,
      let index = paletteIndex(numbers.suffix(3).map { $0 })
    else { return Array(colour) }
    return Array("\(numbers[0]);5;\(index)".utf8)
  }

  private static func paletteIndex(_ components: [Int]) -> Int? {
    if Set(components).count == 1, let grey = components.first, grey >= 8, grey <= 238,
      (grey - 8) % 10 == 0
    {
      return 232 + (grey - 8) / 10
    }
    let levels = [0, 95, 135, 175, 215, 255]
    let places = components.compactMap { levels.firstIndex(of: $0) }
    return places.count == 3 ? 16 + 36 * places[0] + 6 * places[1] + places[2] : nil
  }

  // MARK: Sending

  /// Brings the terminal to what is wanted.
  private mutating func settle(_ result: inout [UInt8]) {
    guard let wanted, let actual, wanted != actual else { return }
    self.actual = wanted
    if wanted == Rendition() {
      result += [0x1B] + "[m".utf8
      return
    }
    var codes: [[UInt8]] = []
    let lost = actual.attributes & ~wanted.attributes
    var kept = actual.attributes & ~lost
    if lost & (1 << 1 | 1 << 2) != 0 {
      codes.append(Array("22".utf8))
      kept &= ~(1 << 1 | 1 << 2)
    }
    for number in 3...9 where lost & (1 << UInt16(number)) != 0 {
      codes.append(Array("\(number + 20)".utf8))
    }
    for number in 1...9 where (wanted.attributes & ~kept) & (1 << UInt16(number)) != 0 {
      codes.append(Array("\(number)".utf8))
    }
    var whole: [[UInt8]] = []
    for (before, after) in [
      (actual.foreground, wanted.foreground), (actual.background, wanted.background),
    ] where before != after {
      // A colour of one piece stands alone: not every terminal reads it among others.
      if after.contains(UInt8(ascii: ":")) { whole.append(after) } else { codes.append(after) }
    }
    if !codes.isEmpty {
      result += [0x1B] + "[".utf8 + codes.joined(separator: [UInt8(ascii: ";")]) + "m".utf8
    }
    for colour in whole { result += [0x1B] + "[".utf8 + colour + "m".utf8 }
  }
}
