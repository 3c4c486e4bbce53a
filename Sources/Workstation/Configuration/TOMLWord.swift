// Values without quotes or brackets: booleans, numbers, dates.

/// Recognises the bare words of TOML 1.0.
enum TOMLWord {
  /// Returns nil when `word` is none. A whole number beyond 64 bits is none either.
  static func value(of word: String) -> TOMLValue? {
    if word == "true" { return .boolean(true) }
    if word == "false" { return .boolean(false) }
    if let number = integer(word) { return .integer(number) }
    if isFloat(word) { return .float(word) }
    return isDateOrTime(word) ? .date(word) : nil
  }

  static func isDate(_ word: String) -> Bool {
    matches(word.utf8, "0000-00-00")
  }

  private static func integer(_ word: String) -> Int64? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      guard let digits = digits(word.dropFirst(2), radix: radix) else { return nil }
      return Int64(digits, radix: radix)
    }
    let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : word[...]
    guard let digits = digits(unsigned, radix: 10), digits == "0" || !digits.hasPrefix("0") else {
      return nil
    }
    return Int64((word.hasPrefix("-") ? "-" : "") + digits)
  }

  /// Returns `text` without its underscores, each of which must stand between two digits.
  private static func digits(_ text: Substring, radix: Int) -> String? {
    let groups = text.split(separator: "_", omittingEmptySubsequences: false)
    let areDigits = groups.allSatisfy { group in
      !group.isEmpty
        && group.allSatisfy { $0.isASCII && ($0.hexDigitValue.map { $0 < radix } ?? false) }
    }
    return areDigits ? groups.joined() : nil
  }

  private static func isFloat(_ word: String) -> Bool {
    let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : word[...]
    if unsigned == "inf" || unsigned == "nan" { return true }
    let halves = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "e" || $0 == "E"
    }
    let mantissa = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    guard mantissa.count + halves.count > 2, mantissa.count <= 2,
      let whole = digits(mantissa[0], radix: 10), whole == "0" || !whole.hasPrefix("0"),
      mantissa.dropFirst().allSatisfy({ digits($0, radix: 10) != nil })
    else { return false }
    return halves.dropFirst().allSatisfy { exponent in
      let isSigned = exponent.hasPrefix("+") || exponent.hasPrefix("-")
      return digits(isSigned ? exponent.dropFirst() : exponent, radix: 10) != nil
    }
  }

  /// Whether the shape is that of a date, a time or both. The calendar is not consulted.
  private static func isDateOrTime(_ word: String) -> Bool {
    if isDate(word) { return true }
    var rest = Array(word.utf8)[...]
    if matches(rest.prefix(10), "0000-00-00"), rest.count > 11 {
      guard [0x54, 0x74, 0x20].contains(rest[10]) else { return false }
      rest = rest.dropFirst(11)
    }
    guard matches(rest.prefix(8), "00:00:00") else { return false }
    rest = rest.dropFirst(8)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(1 + fraction.count)
    }
    return rest.isEmpty || rest.elementsEqual([0x5A]) || rest.elementsEqual([0x7A])
      || matches(rest, "+00:00") || matches(rest, "-00:00")
  }

  /// Whether `text` has the shape of `pattern`, in which 0 stands for any digit.
  private static func matches(_ text: some Collection<UInt8>, _ pattern: String) -> Bool {
    text.count == pattern.utf8.count
      && zip(text, pattern.utf8).allSatisfy { byte, shape in
        shape == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == shape
      }
  }
}
