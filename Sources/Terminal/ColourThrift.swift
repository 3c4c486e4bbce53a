// Leaves out colours that the terminal has already: ncurses sends both colours at every change of either.

/// Drops colour sequences that set what is set, within what one frame sends.
///
/// Knows nothing at the start of a frame, and forgets what it knows at every sequence that could change a colour in a way it does not read;
/// so the most it can do wrong is to leave a sequence in.
struct ColourThrift {
  /// The parameters that set each colour last; nil when unknown.
  private var foreground: ArraySlice<UInt8>?
  private var background: ArraySlice<UInt8>?

  /// Returns what of `bytes` has to be sent. O(bytes).
  mutating func thinned(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x1B, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "["),
        let end = Self.end(ofSequenceAt: index + 2, in: bytes)
      else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let parameters = bytes[(index + 2)..<end]
      if bytes[end] != UInt8(ascii: "m") || changes(parameters) {
        result += bytes[index...end]
      }
      index = end + 1
    }
    return result
  }

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

  /// Whether a graphic rendition with these parameters changes anything; takes note of it.
  private mutating func changes(_ parameters: ArraySlice<UInt8>) -> Bool {
    switch Self.kind(parameters) {
    case .foreground:
      if foreground == parameters { return false }
      foreground = parameters
    case .background:
      if background == parameters { return false }
      background = parameters
    case .attribute: break
    case .other:
      foreground = nil
      background = nil
    }
    return true
  }

  private enum Kind { case foreground, background, attribute, other }

  private static func kind(_ parameters: ArraySlice<UInt8>) -> Kind {
    let parts = parameters.split(omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":")
    }
    guard let first = parts.first, let number = Int(String(decoding: first, as: UTF8.self)) else {
      return .other
    }
    // A colour by its number in a palette, or by its parts; nothing else may follow it.
    let isWhole =
      parts.count == 3 && parts[1].elementsEqual("5".utf8)
      || (parts.count == 5 || parts.count == 6) && parts[1].elementsEqual("2".utf8)
    switch number {
    case 38 where isWhole: return .foreground
    case 48 where isWhole: return .background
    case 30...37, 39, 90...97: return parts.count == 1 ? .foreground : .other
    case 40...47, 49, 100...107: return parts.count == 1 ? .background : .other
    case 1...9, 21...29: return parts.count == 1 ? .attribute : .other
    default: return .other
    }
  }
}
