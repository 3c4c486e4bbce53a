// Our widths against those of a terminal emulator, for all of Unicode.
//
// Widths are those of the C library, for ncurses lays out with them. A terminal that counts
// otherwise draws the rest of a row too far left or right. Nothing can be asked of a terminal about
// it; so the list of differences is kept, short and known.

import CellGrid
import FilmStrip
import TerminalHarness
import Testing

@Suite struct EmulatorWidthTests {
  /// Why the two may differ. All of it is age: the tables of libvterm 0.1 are those of Unicode 5 for
  /// marks, and of Unicode 9 for wide characters.
  private enum Reason: String, CaseIterable {
    /// A mark or vowel that joins the cell before it; the emulator gives it columns of its own.
    case joins
    /// Two columns; the emulator gives it one.
    case wide
    /// One column; the emulator gives it two.
    case narrow
    /// One column; the emulator gives it none, and joins it to the cell before.
    case spacing

    var words: String {
      switch self {
      case .joins: "joins the cell before it; the emulator does not know the mark"
      case .wide: "takes two columns; the emulator does not know that it is wide"
      case .narrow: "takes one column; the emulator counts its whole block as wide"
      case .spacing: "takes one column since its category changed; the emulator joins it"
      }
    }
  }

  /// Scalars next to each other about which we and the emulator differ in the same way.
  private struct Exception: Equatable {
    let first: UInt32
    var last: UInt32
    let ours: Int
    let emulators: Int

    var count: Int { Int(last - first) + 1 }

    var reason: Reason {
      if emulators > ours { return joins ? .joins : .narrow }
      return ours == 2 ? .wide : .spacing
    }

    /// Whether the scalars are marks, or the vowels and finals of Hangul.
    private var joins: Bool {
      guard let scalar = Unicode.Scalar(first) else { return false }
      return DisplayWidth.of(scalar) == 0
    }

    var line: String {
      let range = first == last ? Self.name(first) : "\(Self.name(first))..\(Self.name(last))"
      return "\(range) \(ours) \(emulators) \(reason)"
    }

    private static func name(_ value: UInt32) -> String {
      let digits = String(value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }

  /// What stands before a scalar that cannot stand alone: a letter for a mark, an initial consonant for a vowel.
  private static let bases: [[UInt8]] = [[], [0x61], Array("\u{1100}".utf8)]

  /// Returns the bytes that are sent for a scalar and the columns we count for them; nil when all of it is spelled out in ASCII.
  private static func sent(_ scalar: Unicode.Scalar) -> (bytes: [UInt8], columns: Int)? {
    for base in bases {
      let bytes = base + Array(String(scalar).utf8)
      let runs = Array(SafeText(bytes).glyphs())
      if let run = runs.first, runs.count == 1, run.isPlain { return (bytes, run.width) }
    }
    return nil
  }

  private static func exceptions() -> [Exception] {
    var scalars: [(value: UInt32, bytes: [UInt8], columns: Int)] = []
    for value in UInt32(0)...0x10FFFF {
      // Planes without characters, and those for private use, are spelled out.
      if (0x40000..<0xE0000).contains(value) || value > 0xE0FFF, value % 4099 != 0 { continue }
      guard let scalar = Unicode.Scalar(value), let (bytes, columns) = sent(scalar) else {
        continue
      }
      scalars.append((value, bytes, columns))
    }
    let advances = ColumnAdvance.after(scalars.map(\.bytes))
    var exceptions: [Exception] = []
    for (scalar, advance) in zip(scalars, advances) where advance != scalar.columns {
      let exception = Exception(
        first: scalar.value, last: scalar.value, ours: scalar.columns, emulators: advance)
      if let last = exceptions.last, last.last + 1 == exception.first, last.ours == exception.ours,
        last.emulators == exception.emulators
      {
        exceptions[exceptions.count - 1].last = exception.last
      } else {
        exceptions.append(exception)
      }
    }
    return exceptions
  }

  private static let found = exceptions()

  /// The list as the fixture has it.
  private static var listing: String {
    let count = found.reduce(0) { $0 + $1.count }
    let reasons = Reason.allCases.map { reason in
      let scalars = found.filter { $0.reason == reason }.reduce(0) { $0 + $1.count }
      return "# \(reason) (\(scalars)): \(reason.words)\n"
    }
    return """
      # Scalars that \(ColumnAdvance.emulator) counts otherwise than the C library does, and so ncurses and we.
      # All others of Unicode move its cursor as far as we say: \(count) in \(found.count) ranges do not.
      # A line: the range, our columns, the emulator's, the reason. A mark stands on a letter, a vowel or
      # final of Hangul on an initial consonant, and their columns are counted with it.
      # What is spelled out (<U+202E>) is ASCII on the terminal and differs nowhere.
      \(reasons.joined())
      """ + found.map { $0.line + "\n" }.joined()
  }

  @Test(.enabled(if: ColumnAdvance.emulator == "libvterm-0.1", "the list is of this version"))
  func `the list of widths that the emulator counts otherwise is the known one`() throws {
    let problem = try GoldenStore.widths.compare(
      Self.listing, with: "\(ColumnAdvance.emulator).txt")
    if let problem { Issue.record("\(problem)") }
  }

  @Test func `what most text is written in is counted alike`() {
    let plain: [ClosedRange<UInt32>] = [
      0x20...0x36F, 0x370...0x482, 0x48A...0x52F, 0x5D0...0x5EA, 0x620...0x64A, 0x904...0x939,
      0xE01...0xE5B, 0x1E00...0x1FFF, 0x2010...0x2027, 0x2030...0x205E, 0x2070...0x20CF,
      0x2190...0x23FF, 0x2500...0x27FF, 0x3041...0x3096, 0x309B...0x30FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFFEE, 0x1F300...0x1F64F, 0x20000...0x2FA1F,
    ]
    for exception in Self.found {
      for range in plain where range.overlaps(exception.first...exception.last) {
        Issue.record("\(exception.line)")
      }
    }
  }
}
