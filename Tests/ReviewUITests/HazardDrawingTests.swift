// The scanner and the screen agree: what is a finding is drawn as what it is, and what is not drawn is a finding.

import TestSupport
import CellGrid
import FilmStrip
import Scanner
import Testing

@Suite struct HazardDrawingTests {
  /// The gravest finding about the character between two letters of a line.
  private func severity(of scalar: Unicode.Scalar) -> FindingClass? {
    let line = Array("a\(scalar)b".utf8)
    let change = ScannedChange(
      path: Array("a".utf8), oldMode: nil, newMode: 0o100644,
      added: [ScannedLine(number: 1, bytes: line[...])])
    // Letters of another script are drawn as themselves: what they look like is in the font.
    return scan(change).filter { $0.rule != "text.mixed-script" }.map(\.severity).max()
  }

  /// Format characters that print something, and the two of which one is ordinary wherever it stands.
  private func isOrdinary(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD,
      0x13430...0x1343F:
      true
    case 0x09, 0x0A, 0x0C: true
    default: false
    }
  }

  @Test(arguments: UInt32(0)...16)
  func `a character is found exactly where the screen has to spell it for what it hides`(
    _ plane: UInt32
  ) {
    let stride = Depth.isDeep ? 1 : plane == 0 || plane == 14 ? 3 : 97
    // The first rows hold most of what matters.
    let dense = plane == 0 ? UInt32(0)..<0x3200 : plane == 14 ? 0xE0000..<0xE0200 : 0..<0
    let spread = Swift.stride(from: plane << 16, to: (plane + 1) << 16, by: stride)
    for value in Array(dense) + spread {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isDrawn = SafeText(Array("a\(scalar)b".utf8)).glyphs()
        .contains { $0.text.unicodeScalars.contains(scalar) && $0.isPlain }
      let found = severity(of: scalar)
      let name = "U+\(String(value, radix: 16, uppercase: true))"
      if let found, found >= .warn, isDrawn { Issue.record("\(name) is a finding and drawn") }
      let hides: Bool =
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
      if hides, !isOrdinary(scalar) {
        if found.map({ $0 >= .warn }) != true { Issue.record("\(name) hides and is no finding") }
        if isDrawn { Issue.record("\(name) hides and is drawn") }
      }
    }
  }

  @Test(arguments: ["\u{115F}", "\u{1160}", "\u{2800}", "\u{3164}", "\u{FFA0}", "\u{1D159}"])
  func `a letter that is drawn as nothing is spelled and blocked`(scalar: Unicode.Scalar) {
    #expect(severity(of: scalar) == .block)
    #expect(SafeText("\(scalar)").glyphs().allSatisfy { !$0.isPlain })
  }
}
