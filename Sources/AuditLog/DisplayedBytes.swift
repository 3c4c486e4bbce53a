// How untrusted bytes (paths, damaged records) are written inside an error sentence.

/// Text for people from bytes that others chose, safe to print on a terminal.
///
/// Printable ASCII and letters, marks, digits, punctuation and symbols of other scripts stay as
/// they are; every other scalar is written `<U+202E>` and every stray byte `<FF>`. For sentences,
/// not for content under review: two byte strings may give the same text.
package enum DisplayedBytes {
  /// Returns `bytes` as printable text, cut after `limit` scalars with an ellipsis. O(limit).
  package static func text(of bytes: some Collection<UInt8>, limit: Int = 400) -> String {
    let bytes = Array(bytes.prefix(4 * limit + 1))
    var text = ""
    var decoder = UTF8()
    var remaining = bytes[...].makeIterator()
    var position = 0
    for _ in 0..<limit {
      switch decoder.decode(&remaining) {
      case .emptyInput:
        return text
      case .scalarValue(let scalar):
        text += isPlain(scalar) ? String(Character(scalar)) : "<U+\(hex(scalar.value, width: 4))>"
        position += UTF8.width(scalar)
      case .error:
        text += "<\(hex(UInt32(bytes[position]), width: 2))>"
        position += 1
        decoder = UTF8()
        remaining = bytes[position...].makeIterator()
      }
    }
    return position == bytes.count ? text : text + "…"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default:
      return true
    }
  }

  private static func hex(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
