// The one way a JSON value is written (RFC 8785), and the limits that reader and writer share.

/// RFC 8785 canonical JSON, without floating-point numbers.
///
/// One value has one spelling: members ordered by UTF-16 code units, no blanks, the shortest
/// escapes, whole numbers in decimal. The spelling holds no line break, so a value fits a line.
package enum CanonicalJSON {
  /// How deep arrays and objects may be nested; the outermost one is level 1.
  package static let depthLimit = 64

  /// Returns the canonical UTF-8 spelling of `value`. O(size).
  ///
  /// - Throws: when a number lies outside `JSONValue.integerRange` or nesting exceeds `depthLimit`,
  ///   so that whatever is written can be read back.
  package static func bytes(of value: JSONValue) throws(CanonicalJSONError) -> [UInt8] {
    var output: [UInt8] = []
    try write(value, depth: 0, to: &output)
    return output
  }

  /// Returns the value that `bytes` spell: strict RFC 8259 in any layout and member order.
  ///
  /// Refused besides: bytes that are not UTF-8, fractions, exponents, minus zero, numbers outside
  /// `JSONValue.integerRange`, a key that comes twice, unpaired surrogates, nesting beyond
  /// `depthLimit`, and anything after the value. O(size × log members).
  package static func value(of bytes: some Collection<UInt8>) throws(CanonicalJSONError)
    -> JSONValue
  {
    var parser = JSONParser(Array(bytes))
    return try parser.document()
  }

  private static func write(_ value: JSONValue, depth: Int, to output: inout [UInt8])
    throws(CanonicalJSONError)
  {
    switch value {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let number):
      guard JSONValue.integerRange.contains(number) else {
        throw CanonicalJSONError(offset: output.count, problem: .numberOutOfRange(String(number)))
      }
      output += String(number).utf8
    case .string(let text):
      write(text, to: &output)
    case .array(let elements):
      try checkDepth(depth + 1, at: output.count)
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        try write(element, depth: depth + 1, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      try checkDepth(depth + 1, at: output.count)
      output.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        try write(member.value, depth: depth + 1, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: JSONText, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output += #"\""#.utf8
      case UInt8(ascii: "\\"): output += #"\\"#.utf8
      case 0x08: output += #"\b"#.utf8
      case 0x09: output += #"\t"#.utf8
      case 0x0A: output += #"\n"#.utf8
      case 0x0C: output += #"\f"#.utf8
      case 0x0D: output += #"\r"#.utf8
      case 0..<0x20:
        output += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
        output += String(byte, radix: 16).utf8
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  static func checkDepth(_ depth: Int, at offset: Int) throws(CanonicalJSONError) {
    guard depth <= depthLimit else {
      throw CanonicalJSONError(offset: offset, problem: .tooDeep(limit: depthLimit))
    }
  }
}
