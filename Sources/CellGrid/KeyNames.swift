// Names of keys as they are shown in help and written in a keymap.

extension Key: CustomStringConvertible {
  /// The key's name: `]`, `Space`, `ctrl-d`, `Tab`, `alt-down`, `shift-tab`, `F1`.
  ///
  /// For every key that can be bound, `Key(parsing: name)` gives the key back.
  package var name: String {
    switch self {
    case .character(" "): "Space"
    case .character(let scalar): String(Character(scalar))
    case .control(let scalar): "ctrl-\(scalar)"
    case .alt(.character(" ")): "alt-space"
    case .alt(.control(let scalar)): "ctrl-alt-\(scalar)"
    case .alt(let key): "alt-\(key.name)"
    case .named(let name, let modifiers): Self.name(name.rawValue, with: modifiers)
    case .function(let number, let modifiers): Self.name("F\(number)", with: modifiers)
    case .paste: "paste"
    case .wheel(.up, _, _): "wheel-up"
    case .wheel(.down, _, _): "wheel-down"
    case .click: "click"
    case .resize: "resize"
    case .unknown(let text): "unknown \(text)"
    }
  }

  package var description: String { name }

  /// Returns the key of that name, or nil when there is none or no terminal sends it.
  ///
  /// Modifiers `ctrl-`, `alt-` and `shift-` in any order, then one character or the name of a key;
  /// names and modifiers in any case. Keys that terminals cannot tell apart are one key: `ctrl-i`
  /// is Tab.
  package init?(parsing name: String) {
    var modifiers: KeyModifiers = []
    var rest = name[...]
    while let (modifier, length) = Self.modifierPrefix(of: rest) {
      modifiers.insert(modifier)
      rest = rest.dropFirst(length)
    }
    guard let key = Self.unmodified(rest)?.adding(modifiers) else { return nil }
    self = key
  }

  private static func modifierPrefix(
    of text: Substring
  ) -> (modifier: KeyModifiers, length: Int)? {
    let modifiers: [(String, KeyModifiers)] = [
      ("ctrl-", .control), ("alt-", .alt), ("shift-", .shift),
    ]
    for (prefix, modifier) in modifiers
    where text.count > prefix.count && text.prefix(prefix.count).lowercased() == prefix {
      return (modifier, prefix.count)
    }
    return nil
  }

  private static func unmodified(_ text: Substring) -> Key? {
    let scalars = text.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first {
      return DisplayWidth.of(scalar) > 0 ? .character(scalar) : nil
    }
    let lower = text.lowercased()
    switch lower {
    case "space": return .space
    case "escape": return .escape
    case "return": return .enter
    case "backtab": return .backTab
    case "pgup": return .pageUp
    case "pgdn": return .pageDown
    default: break
    }
    if let name = Name.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
      return .named(name, [])
    }
    guard lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...63).contains(number)
    else { return nil }
    return .function(number, [])
  }

  private static func name(_ name: String, with modifiers: KeyModifiers) -> String {
    guard !modifiers.isEmpty else { return name }
    var prefix = ""
    if modifiers.contains(.control) { prefix += "ctrl-" }
    if modifiers.contains(.alt) { prefix += "alt-" }
    if modifiers.contains(.shift) { prefix += "shift-" }
    return prefix + name.lowercased()
  }
}
