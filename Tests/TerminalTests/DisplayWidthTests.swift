// Our table of widths against the C library that ncurses asks.

import CNcurses
import CellGrid
import Glibc
import Testing

@Suite struct DisplayWidthTests {
  /// Scalars whose width we count differently on purpose.
  private static let exceptions: [UInt32: Int] = [
    // wcwidth calls NUL zero columns wide; for us it is a control like the others.
    0: -1
  ]

  @Test func `the table says what wcwidth says, for every scalar`() throws {
    let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    var different: [String] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let expected = Self.exceptions[value] ?? Int(wcwidth(wchar_t(value)))
      if DisplayWidth.of(scalar) != expected, different.count < 20 {
        different.append(
          "U+\(String(value, radix: 16)): \(DisplayWidth.of(scalar)), not \(expected)")
      }
    }
    #expect(different.isEmpty)
  }
}
