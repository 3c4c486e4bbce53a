// Hand-written matchers for what keywords alone cannot tell: tokens, passwords, hosts, instructions.

enum LineShapes {
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    RuleLine.isLetter(byte) || RuleLine.isDigit(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    RuleLine.isLetter(byte) || RuleLine.isDigit(byte)
  }

  /// The keyword as written here, followed by `count` letters or digits (and `_`, `-` if `dashes`) of enough variety.
  static func token(
    _ prefix: String, count: ClosedRange<Int>, dashes: Bool = false
  ) -> @Sendable (RuleLine, Range<Int>) -> Bool {
    { line, keyword in
      guard line.bytes[keyword].elementsEqual(prefix.utf8), line.startsWord(keyword.lowerBound)
      else { return false }
      let body = line.run(
        from: keyword.upperBound, while: dashes ? isTokenByte : isAlphanumeric)
      return count.contains(body.count) && isVaried(body) && !line.hasAny(["example"])
    }
  }

  /// Not a filler such as `xxxx` or `0000`.
  private static func isVaried(_ body: ArraySlice<UInt8>) -> Bool { Set(body).count >= 7 }

  static func awsKey(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard line.bytes[keyword].allSatisfy({ (0x41...0x5A).contains($0) }),
      line.startsWord(keyword.lowerBound)
    else { return false }
    let body = line.run(from: keyword.upperBound) {
      (0x41...0x5A).contains($0) || (0x32...0x37).contains($0)
    }
    return body.count == 16 && line.endsWord(body.endIndex) && isVaried(body)
      && !body.suffix(7).elementsEqual("EXAMPLE".utf8)
  }

  static func jsonWebToken(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard line.bytes[keyword].elementsEqual("eyJ".utf8), line.startsWord(keyword.lowerBound) else {
      return false
    }
    let head = line.run(from: keyword.lowerBound, while: isTokenByte)
    guard head.count >= 16, line.byte(at: head.endIndex) == UInt8(ascii: ".") else { return false }
    let body = line.run(from: head.endIndex + 1, while: isTokenByte)
    guard body.count >= 16, line.byte(at: body.endIndex) == UInt8(ascii: ".") else { return false }
    return line.run(from: body.endIndex + 1, while: isTokenByte).count >= 20
  }

  /// `scheme://user:password@host` with a password that is no placeholder.
  static func passwordInURL(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    let rest = line.run(from: keyword.upperBound) { byte in
      !RuleLine.isBlank(byte) && !"/\"'`<>?#".utf8.contains(byte)
    }
    guard let at = rest.lastIndex(of: UInt8(ascii: "@")),
      let colon = rest[..<at].firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex,
      at + 1 < rest.endIndex
    else { return false }
    let password = line.lower[(colon + 1)..<at]
    guard password.count >= 4, !password.contains(where: { "${}%()*+[] ".utf8.contains($0) }) else {
      return false
    }
    let word = String(decoding: password, as: UTF8.self)
    let placeholders: Set<String> = [
      "pass", "password", "passwd", "secret", "token", "test", "postgres", "guest", "root", "user",
      "admin", "mysql", "example", "changeme", "redis", "mypassword", "xxxx", "pwd", "rabbitmq",
    ]
    let host = String(decoding: line.lower[(at + 1)..<rest.endIndex], as: UTF8.self)
    return !placeholders.contains(word) && !isPrivateHost(hostName(host)) && Set(password).count > 2
  }

  /// `password = "…"` with a value that looks drawn at random.
  static func assignedSecret(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    var index = keyword.upperBound
    while index < line.bytes.count, RuleLine.isWord(line.bytes[index]) { index += 1 }
    if "\"'`]".utf8.contains(line.byte(at: index)) { index += 1 }
    index = line.skipBlanks(index)
    guard "=:".utf8.contains(line.byte(at: index)) else { return false }
    while "=:>".utf8.contains(line.byte(at: index)) { index += 1 }
    index = line.skipBlanks(index)
    let quote = line.byte(at: index)
    let isQuoted = "\"'`".utf8.contains(quote)
    guard isQuoted || line.language == .config || line.language == .yaml else { return false }
    let value = line.run(from: isQuoted ? index + 1 : index) { byte in
      isQuoted ? byte != quote : !RuleLine.isBlank(byte)
    }
    guard (12...200).contains(value.count), value.contains(where: RuleLine.isDigit),
      value.contains(where: RuleLine.isLetter),
      value.allSatisfy({ isAlphanumeric($0) || "+/=_-.!@#^&*".utf8.contains($0) })
    else { return false }
    return entropy(value) >= 3.5
      && !line.hasAny([
        "example", "placeholder", "changeme", "your_", "your-", "dummy", "xxxx", "test",
      ])
  }

  /// Bits per byte, from the frequencies of the bytes.
  private static func entropy(_ value: ArraySlice<UInt8>) -> Double {
    var counts: [UInt8: Int] = [:]
    for byte in value { counts[byte, default: 0] += 1 }
    let total = Double(value.count)
    return counts.values.reduce(0) { $0 - Double($1) / total * binaryLogarithm(Double($1) / total) }
  }

  /// log2 of a number above 0, by squaring the significand for each bit; four digits are plenty here.
  private static func binaryLogarithm(_ number: Double) -> Double {
    var significand = number.significand
    var result = Double(number.exponent)
    var bit = 0.5
    for _ in 0..<14 {
      significand *= significand
      if significand >= 2 {
        significand /= 2
        result += bit
      }
      bit /= 2
    }
    return result
  }

  // MARK: Hosts

  /// A URL of a host that no removed line had, and that is neither local nor set aside for examples.
  static func newHost(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard let host = host(line, after: keyword.upperBound), host.contains("."),
      !host.hasPrefix("."),
      !isPrivateHost(host), !line.knownHosts.contains(host)
    else { return false }
    return !isAddress(host) && !ubiquitousHosts.contains { host == $0 || host.hasSuffix("." + $0) }
  }

  /// A URL of a public address literal.
  static func addressLiteral(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard let host = host(line, after: keyword.upperBound) else { return false }
    return isAddress(host) && !isPrivateHost(host) && !line.knownHosts.contains(host)
  }

  static func host(_ line: RuleLine, after index: Int) -> String? {
    let rest = line.run(from: index) { byte in
      isAlphanumeric(byte) || ".-_:@[]%".utf8.contains(byte)
    }
    guard !rest.isEmpty else { return nil }
    let host = hostName(String(decoding: line.lower[rest.indices], as: UTF8.self))
    return host.isEmpty || host.contains("%") ? nil : host
  }

  private static func hostName(_ authority: String) -> String {
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let name = host.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
    return String(name.last == "." ? name.dropLast() : name)
  }

  private static func isAddress(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Names every project refers to: standards, licences and the forges themselves.
  private static let ubiquitousHosts = [
    "w3.org", "schema.org", "json-schema.org", "apache.org", "gnu.org", "opensource.org",
    "creativecommons.org", "mozilla.org", "github.com", "gitlab.com", "wikipedia.org", "ietf.org",
    "rfc-editor.org", "python.org", "swift.org", "golang.org", "go.dev", "rust-lang.org",
    "stackoverflow.com", "xmlsoap.org", "maven.org", "sonarsource.com", "microsoft.com",
    "shields.io",
  ]

  private static func isPrivateHost(_ host: String) -> Bool {
    let suffixes = [".local", ".localhost", ".internal", ".test", ".example", ".invalid", ".lan"]
    if host == "localhost" || suffixes.contains(where: host.hasSuffix) { return true }
    if ["example.com", "example.org", "example.net"].contains(where: {
      host == $0 || host.hasSuffix("." + $0)
    }) {
      return true
    }
    let numbers = host.split(separator: ".").compactMap { UInt8($0) }
    guard isAddress(host), numbers.count == 4 else { return false }
    switch (numbers[0], numbers[1], numbers[2]) {
    case (127, _, _), (10, _, _), (0, _, _), (192, 168, _), (169, 254, _): return true
    case (172, 16...31, _), (100, 64...127, _): return true
    case (192, 0, 2), (198, 51, 100), (203, 0, 113), (255, _, _): return true
    default: return false
    }
  }

  // MARK: Commands

  /// A download whose output goes to an interpreter on the same line.
  static func pipedToInterpreter(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard line.startsWord(keyword.lowerBound), line.endsWord(keyword.upperBound) else {
      return false
    }
    let interpreters = ["sh", "bash", "zsh", "python", "python3", "node", "perl", "ruby", "sudo"]
    for index in line.bytes.indices[keyword.upperBound...]
    where line.bytes[index] == UInt8(ascii: "|") {
      let start = line.skipBlanks(index + 1)
      let word = line.run(from: start, while: { isTokenByte($0) || $0 == UInt8(ascii: "/") })
      let name = word.split(separator: UInt8(ascii: "/")).last.map {
        String(decoding: $0, as: UTF8.self)
      }
      if let name, interpreters.contains(name) { return true }
    }
    return line.hasAny(["<(curl", "<(wget", "\"$(curl", "\"$(wget", "eval $(curl", "eval \"$(curl"])
  }

  /// `curl` with `-k` or `--insecure` among its options.
  static func insecureCurl(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard line.startsWord(keyword.lowerBound), line.endsWord(keyword.upperBound) else {
      return false
    }
    let words = line.bytes[keyword.upperBound...].split {
      RuleLine.isBlank($0) || "\"',;|".utf8.contains($0)
    }
    return words.contains { word in
      if word.elementsEqual("--insecure".utf8) { return true }
      return word.first == UInt8(ascii: "-") && word.count <= 6 && word.count > 1
        && word.dropFirst().allSatisfy(RuleLine.isLetter) && word.contains(UInt8(ascii: "k"))
    }
  }

  /// `rm -rf` of the root, the home directory, or a variable right at the start of the path.
  static func destructiveRemoval(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    guard line.startsWord(keyword.lowerBound) else { return false }
    var words = line.bytes[keyword.upperBound...].split(whereSeparator: RuleLine.isBlank)[...]
    var isRecursive = false
    while let option = words.first, option.first == UInt8(ascii: "-") {
      isRecursive =
        isRecursive || option.contains(UInt8(ascii: "r")) || option.contains(UInt8(ascii: "R"))
      words = words.dropFirst()
    }
    guard isRecursive, let target = words.first else { return false }
    let path = String(decoding: target.filter { !"\"';)".utf8.contains($0) }, as: UTF8.self)
    return ["/", "/*", "~", "~/", "~/*", "$HOME", "$HOME/", "${HOME}", ".git", "./.git", "$HOME/*"]
      .contains(path)
  }

  // MARK: Words to a model

  /// The keyword, then one of these words within the next sixty bytes.
  static func followed(by words: [String]) -> @Sendable (RuleLine, Range<Int>) -> Bool {
    { line, keyword in
      guard line.startsWord(keyword.lowerBound) else { return false }
      let end = min(line.lower.count, keyword.upperBound + 60)
      let rest = Array(line.lower[keyword.upperBound..<end])
      return words.contains { rest.firstRange(of: Array($0.utf8)) != nil }
    }
  }

  /// The keyword as a word, then `=`, `:` or `,`, then one of these values; quotes and brackets do not matter.
  static func assigned(_ values: [String]) -> @Sendable (RuleLine, Range<Int>) -> Bool {
    { line, keyword in
      guard line.startsWord(keyword.lowerBound) else { return false }
      var index = keyword.upperBound
      while "\"']".utf8.contains(line.byte(at: index)) { index += 1 }
      index = line.skipBlanks(index)
      guard "=:,".utf8.contains(line.byte(at: index)) else { return false }
      while "=:,\"' \t>".utf8.contains(line.byte(at: index)) { index += 1 }
      let value = line.run(from: index, while: RuleLine.isWord)
      return values.contains(String(decoding: line.lower[value.indices], as: UTF8.self))
    }
  }
}
