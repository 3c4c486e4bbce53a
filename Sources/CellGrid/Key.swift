// What the user pressed, as a value.

/// Modifiers of a named key.
package struct KeyModifiers: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let shift = KeyModifiers(rawValue: 1)
  package static let alt = KeyModifiers(rawValue: 2)
  package static let control = KeyModifiers(rawValue: 4)
}

/// A key, or something else that arrives on the terminal among the keys.
///
/// There is one value per key: `.control` of i, m and [ does not exist (terminals send the same as
/// for Tab, Enter and Escape), and a named key carries Alt in its modifiers rather than in `.alt`.
/// Make keys that a person writes with `Key(parsing:)`, which sees to that.
package indirect enum Key: Hashable, Sendable {
  /// A typed character; the blank too.
  case character(Unicode.Scalar)
  /// Control with a lower-case letter, or with one of `@ \ ] ^ _`; control-Space is `@`.
  case control(Unicode.Scalar)
  /// Alt with a character or a control character.
  case alt(Key)
  /// A key that has a name rather than a character.
  case named(Name, KeyModifiers)
  /// A function key, from 1.
  case function(Int, KeyModifiers)
  /// Pasted bytes, to be taken as text and never as keys.
  case paste([UInt8])
  /// The wheel, turned at a 0-based position.
  case wheel(WheelDirection, row: Int, column: Int)
  /// The first mouse button, pressed at a 0-based position.
  case click(row: Int, column: Int)
  /// The terminal has another size now.
  case resize
  /// Something that arrived and means nothing to us; the text says what.
  case unknown(String)

  /// Keys with a name.
  package enum Name: String, CaseIterable, Sendable {
    case up = "Up"
    case down = "Down"
    case left = "Left"
    case right = "Right"
    case pageUp = "PageUp"
    case pageDown = "PageDown"
    case home = "Home"
    case end = "End"
    case insert = "Insert"
    case delete = "Delete"
    case enter = "Enter"
    case tab = "Tab"
    case backspace = "Backspace"
    case escape = "Esc"
  }

  package enum WheelDirection: UInt8, Sendable { case up, down }

  package static let up = Key.named(.up, [])
  package static let down = Key.named(.down, [])
  package static let left = Key.named(.left, [])
  package static let right = Key.named(.right, [])
  package static let pageUp = Key.named(.pageUp, [])
  package static let pageDown = Key.named(.pageDown, [])
  package static let home = Key.named(.home, [])
  package static let end = Key.named(.end, [])
  package static let insert = Key.named(.insert, [])
  package static let delete = Key.named(.delete, [])
  package static let enter = Key.named(.enter, [])
  package static let tab = Key.named(.tab, [])
  package static let backTab = Key.named(.tab, .shift)
  package static let backspace = Key.named(.backspace, [])
  package static let escape = Key.named(.escape, [])
  package static let space = Key.character(" ")

  /// Returns this key with modifiers added, or nil where no terminal can send that.
  package func adding(_ modifiers: KeyModifiers) -> Key? {
    if modifiers.isEmpty { return self }
    switch self {
    case .named(let name, let own):
      return .named(name, own.union(modifiers))
    case .function(let number, let own):
      return .function(number, own.union(modifiers))
    case .character(let scalar):
      guard !modifiers.contains(.shift) else { return nil }
      guard modifiers.contains(.control) else { return .alt(self) }
      return Key.controlled(scalar)?.adding(modifiers.subtracting(.control))
    case .control:
      return modifiers == .alt ? .alt(self) : nil
    case .alt, .paste, .wheel, .click, .resize, .unknown:
      return nil
    }
  }

  /// Returns what control with `scalar` sends, or nil when it sends nothing of its own.
  private static func controlled(_ scalar: Unicode.Scalar) -> Key? {
    switch scalar {
    case "a"..."z": return Key(controlByte: UInt8(scalar.value) - 0x60)
    case "A"..."Z": return Key(controlByte: UInt8(scalar.value) - 0x40)
    case "@", "[", "\\", "]", "^", "_": return Key(controlByte: UInt8(scalar.value) - 0x40)
    case " ": return Key(controlByte: 0)
    case "?": return .backspace
    default: return nil
    }
  }

  /// Makes the key that a C0 control byte (or DEL) stands for.
  ///
  /// - Precondition: `controlByte` is below 32 or 127.
  package init(controlByte: UInt8) {
    precondition(controlByte < 0x20 || controlByte == 0x7F, "not a control byte")
    switch controlByte {
    case 0x08, 0x7F: self = .backspace
    case 0x09: self = .tab
    case 0x0D: self = .enter
    case 0x1B: self = .escape
    case 1...26: self = .control(Unicode.Scalar(controlByte + 0x60))
    default: self = .control(Unicode.Scalar(controlByte + 0x40))
    }
  }
}
