// A grammar under which an edit block can only quote lines that are there.

/// A GBNF grammar for one edit block of one file: what stands above the divider is a run of the file's own lines, so that it is found exactly.
///
/// A model that meant something else is forced onto some lines all the same: what comes of it is marked, and read with more care.
package struct AnchorGrammar: Equatable, Sendable {
  /// The grammar's text.
  package let text: [UInt8]

  /// - Parameters:
  ///   - path: the file's path, as it is offered.
  ///   - lines: the lines that may be quoted, without their ends; not empty.
  ///   - markers: the length of the marker lines.
  package init(path: [UInt8], lines: [[UInt8]], markerLength: Int = 7) {
    precondition(!lines.isEmpty)
    let markers = EditMarkers(length: markerLength)
    var text = Array("root ::= ".utf8)
    text += Self.literal(path + Array("\n\(markers.search)\n".utf8))
    text += Array(" search ".utf8) + Self.literal(Array("\(markers.divider)\n".utf8))
    text += Array(" line* ".utf8) + Self.literal(Array("\(markers.replace)\n".utf8)) + [0x0A]
    // A line that could be taken for a marker begins with more of one sign than these.
    var beginnings = ["[^\\n<>=] rest"]
    for sign in ["<", ">", "="] {
      for count in 1...3 {
        let run = String(repeating: sign, count: count)
        beginnings.append("\"\(run)\" ([^\\n\(sign)] rest)?")
      }
    }
    text += Array("rest ::= [^\\n]*\n".utf8)
    text += Array("line ::= (\(beginnings.joined(separator: " | ")))? \"\\n\"\n".utf8)
    text += Array("search ::= ".utf8)
    text += Array((0..<lines.count).map { "s\($0)" }.joined(separator: " | ").utf8) + [0x0A]
    for (index, line) in lines.enumerated() {
      text += Array("s\(index) ::= ".utf8) + Self.literal(line + [0x0A])
      if index + 1 < lines.count { text += Array(" s\(index + 1)?".utf8) }
      text.append(0x0A)
    }
    self.text = text
  }

  /// A terminal of these bytes, which are UTF-8.
  static func literal(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0x0A: text += Array("\\n".utf8)
      case 0x0D: text += Array("\\r".utf8)
      case 0x09: text += Array("\\t".utf8)
      case 0x00..<0x20, 0x7F:
        let digits = Array("0123456789ABCDEF".utf8)
        text += Array("\\x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: text.append(byte)
      }
    }
    return text + [UInt8(ascii: "\"")]
  }
}
