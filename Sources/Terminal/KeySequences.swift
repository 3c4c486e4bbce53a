// Control sequences of terminals and the keys they stand for, as xterm and its kin send them.

import CellGrid

/// The meaning of complete control sequences.
enum KeySequences {
  /// Returns the key for `CSI parameters final`, or nil when it is none we know.
  static func key(parameters: ArraySlice<UInt8>, final: UInt8) -> Key? {
    guard let numbers = numbers(parameters) else { return nil }
    let first = numbers.first ?? 1
    if final == UInt8(ascii: "~"), first == 27 {
      guard numbers.count == 3, let modifiers = modifiers(numbers[1]) else { return nil }
      return key(code: numbers[2], modifiers)
    }
    guard numbers.count <= 2, let modifiers = modifiers(numbers.count == 2 ? numbers[1] : 1) else {
      return nil
    }
    switch final {
    case UInt8(ascii: "u"): return key(code: first, modifiers)
    case UInt8(ascii: "~"): return tildeKey(first, modifiers)
    case UInt8(ascii: "Z"): return Key.backTab.adding(modifiers)
    default: return first == 1 ? letterKey(final)?.adding(modifiers) : nil
    }
  }

  /// Returns the key for the letter that ends `CSI` or follows `SS3`.
  static func letterKey(_ letter: UInt8) -> Key? {
    switch letter {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(letter - UInt8(ascii: "P")) + 1, [])
    default: nil
    }
  }

  /// Returns the key for a letter after `SS3`: also those of the numeric keypad.
  static func singleShiftKey(_ letter: UInt8) -> Key? {
    switch letter {
    case UInt8(ascii: "M"): .enter
    case UInt8(ascii: "I"): .tab
    case UInt8(ascii: "X"): .character("=")
    case UInt8(ascii: "j")...UInt8(ascii: "y"): .character(Unicode.Scalar(letter - 0x40))
    default: letterKey(letter)
    }
  }

  private static func tildeKey(_ number: Int, _ modifiers: KeyModifiers) -> Key? {
    let key: Key? =
      switch number {
      case 1, 7: .home
      case 2: .insert
      case 3: .delete
      case 4, 8: .end
      case 5: .pageUp
      case 6: .pageDown
      case 11...15: .function(number - 10, [])
      case 17...21: .function(number - 11, [])
      case 23...26: .function(number - 12, [])
      case 28, 29: .function(number - 13, [])
      case 31...34: .function(number - 14, [])
      default: nil
      }
    return key?.adding(modifiers)
  }

  /// Returns the key that a terminal reports as a character code with modifiers.
  private static func key(code: Int, _ modifiers: KeyModifiers) -> Key? {
    guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
    if code < 0x20 || code == 0x7F { return Key(controlByte: UInt8(code)).adding(modifiers) }
    // The kitty protocol has codes of its own in the private use area.
    guard !(0xE000...0xF8FF).contains(code) else { return nil }
    guard modifiers.contains(.shift) else { return Key.character(scalar).adding(modifiers) }
    let upper = scalar.properties.uppercaseMapping.unicodeScalars
    guard upper.count == 1, let shifted = upper.first else { return nil }
    return Key.character(shifted).adding(modifiers.subtracting(.shift))
  }

  /// Returns the modifiers for the number that stands for them: one more than a set of bits. Nil
  /// with a modifier that we have no name for, so that nothing is taken for a plainer key.
  private static func modifiers(_ number: Int) -> KeyModifiers? {
    // Caps lock (64) and num lock (128) are states, not modifiers.
    let bits = (number - 1) & ~(64 | 128)
    guard number >= 1, bits < 8 else { return nil }
    return KeyModifiers(rawValue: UInt8(bits))
  }

  /// Returns the numbers between semicolons, 1 where there is none; nil when it is not numbers.
  static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int]? {
    if parameters.isEmpty { return [] }
    var numbers: [Int] = []
    for part in parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      guard part.count <= 7 else { return nil }
      var number = 0
      for byte in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      }
      numbers.append(part.isEmpty ? 1 : number)
    }
    return numbers
  }
}
