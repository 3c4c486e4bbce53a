// Blanks, prefixes and trimming of single lines held as bytes.

extension UInt8 {
  /// Blank inside a line: space, tab, vertical tab, form feed, carriage return.
  var isBlank: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0A) }
  var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var asciiLowercased: UInt8 {
    self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self + 32 : self
  }
}

extension ArraySlice<UInt8> {
  var isBlankLine: Bool { allSatisfy(\.isBlank) }

  /// The line without blanks at its end.
  var withoutTrailingBlanks: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, self[end - 1].isBlank { end -= 1 }
    return self[startIndex..<end]
  }

  /// The spaces and tabs before the first other byte.
  var indentation: ArraySlice<UInt8> {
    prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  var withoutIndentation: ArraySlice<UInt8> { self[indentation.endIndex...] }

  var trimmed: ArraySlice<UInt8> { drop(while: \.isBlank).withoutTrailingBlanks }

  /// The line without one CR at its end.
  var withoutCarriageReturn: ArraySlice<UInt8> {
    last == UInt8(ascii: "\r") ? dropLast() : self
  }

  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && startsWith(text)
  }

  func startsWith(_ text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return starts(with: text.description.utf8)
  }

  /// The offset after the first occurrence of `needle`, or nil.
  func end(ofFirst needle: StaticString) -> Int? {
    let needle = Array(needle.description.utf8)
    guard count >= needle.count else { return nil }
    var index = startIndex
    while index + needle.count <= endIndex {
      if self[index] == needle[0], self[index..<index + needle.count].elementsEqual(needle) {
        return index + needle.count
      }
      index += 1
    }
    return nil
  }
}
