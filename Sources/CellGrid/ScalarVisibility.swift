// Which scalars can be shown as themselves, which join the cell before them, and which have to be
// spelled out.

import Synchronization

/// How a scalar can be shown.
enum ScalarVisibility: Equatable {
  /// As itself, in this many columns.
  case spacing(Int)
  /// As a mark in the cell of the base before it.
  case mark
  /// As a vowel or final of the Hangul syllable block before it.
  case hangulPart
  /// Not as itself: invisible, blank, a control, unassigned, or drawn differently by terminals.
  case hidden

  /// Returns how `scalar` can be shown. O(1) for what was asked for before, of the scripts and symbols that are met most.
  static func of(_ scalar: Unicode.Scalar) -> ScalarVisibility {
    if scalar.value >= 0x20, scalar.value < 0x7F { return .spacing(1) }
    return VisibilityCache.shared.visibility(of: scalar)
  }

  fileprivate static func found(_ scalar: Unicode.Scalar) -> ScalarVisibility {
    let value = scalar.value
    let width = DisplayWidth.of(scalar)
    guard width >= 0, !isBlankGlyph(value), !isJoinedByTerminals(value) else { return .hidden }
    switch value {
    case 0x1161...0x11FF, 0xD7B0...0xD7FB: return width == 0 ? .hangulPart : .spacing(width)
    case 0x3041...0x30FF where width == 2, 0x4E00...0x9FFF, 0xAC00...0xD7A3:
      return .spacing(width)
    default: return byProperties(scalar, width: width)
    }
  }

  /// What Unicode's properties say of a scalar of that width.
  private static func byProperties(_ scalar: Unicode.Scalar, width: Int) -> ScalarVisibility {
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint { return .hidden }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return .hidden
    case .nonspacingMark, .enclosingMark:
      return width == 0 ? .mark : .spacing(width)
    default:
      return width == 0 ? .hidden : .spacing(width)
    }
  }

  /// Whether fonts draw nothing for a scalar that counts as a letter or a symbol.
  static func isBlankGlyph(_ value: UInt32) -> Bool {
    switch value {
    case 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x1D159, 0x16FE4: true
    default: false
    }
  }

  /// Whether terminals differ in joining the scalar with its neighbours into one glyph of another
  /// width: emoji modifiers, regional indicators and variation selectors.
  private static func isJoinedByTerminals(_ value: UInt32) -> Bool {
    switch value {
    case 0x1F3FB...0x1F3FF, 0x1F1E6...0x1F1FF, 0xFE00...0xFE0F, 0xE0100...0xE01EF: true
    default: false
    }
  }

  /// Whether vowels and finals can join `base` into one syllable block.
  static func takesHangulParts(_ base: Unicode.Scalar) -> Bool {
    switch base.value {
    case 0x1100...0x115E, 0xA960...0xA97C, 0xAC00...0xD7A3: true
    default: false
    }
  }
}

/// What was found of the scalars that are met most, each when it is first asked for: looking properties up costs a hundred times a look at a
/// table, and making the whole table beforehand costs more than a first frame has.
private final class VisibilityCache: Sendable {
  static let shared = VisibilityCache()

  /// U+0000 to U+FFFF, then U+1F000 to U+1FFFF, 0 for not known; whoever finds something finds the same, so the order of writers is of no
  /// matter.
  private let codes = InlineArray<0x11000, Atomic<UInt8>> { _ in Atomic(0) }

  func visibility(of scalar: Unicode.Scalar) -> ScalarVisibility {
    let index: Int
    switch scalar.value {
    case 0..<0x10000: index = Int(scalar.value)
    case 0x1F000..<0x20000: index = Int(scalar.value - 0x1F000) + 0x10000
    default: return ScalarVisibility.found(scalar)
    }
    switch codes[index].load(ordering: .relaxed) {
    case 0: break
    case 1: return .mark
    case 2: return .hangulPart
    case 3: return .hidden
    case let code: return .spacing(Int(code) - 4)
    }
    let visibility = ScalarVisibility.found(scalar)
    let code: UInt8 =
      switch visibility {
      case .mark: 1
      case .hangulPart: 2
      case .hidden: 3
      case .spacing(let width): UInt8(4 + width)
      }
    codes[index].store(code, ordering: .relaxed)
    return visibility
  }
}
