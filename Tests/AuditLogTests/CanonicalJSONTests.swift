// The canonical spelling of JSON and the strict reader.

import AuditLog
import Testing

private func spelling(_ value: JSONValue) throws -> String {
  String(decoding: try CanonicalJSON.bytes(of: value), as: UTF8.self)
}

private func value(_ text: String) throws(CanonicalJSONError) -> JSONValue {
  try CanonicalJSON.value(of: Array(text.utf8))
}

private func nested(_ levels: Int) -> JSONValue {
  (1..<levels).reduce(JSONValue.array([])) { inner, _ in .array([inner]) }
}

@Suite struct CanonicalJSONTests {
  @Test func `members are ordered by UTF-16 code units, as the RFC's example has it`() throws {
    let shuffled: JSONValue = [
      "\u{20AC}": "Euro Sign", "\r": "Carriage Return",
      "\u{FB33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\u{1F600}": "Emoji: Grinning Face", "\u{80}": "Control",
      "\u{F6}": "Latin Small Letter O With Diaeresis",
    ]
    #expect(
      shuffled.objectValue?.members.map(\.key) == [
        "\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}",
      ])
    #expect(try value(spelling(shuffled)) == shuffled)
  }

  @Test func `a value has no blanks and the shortest escapes`() throws {
    let sample: JSONValue = [
      "string": "\u{20AC}$\u{0F}\nA'B\"\\\\\"/\u{7F}\u{2028}", "literals": [nil, true, false],
      "numbers": [0, -1, 9_007_199_254_740_991], "empty": [[:], []],
    ]
    #expect(
      try spelling(sample)
        == #"{"empty":[{},[]],"literals":[null,true,false],"numbers":[0,-1,9007199254740991],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"# + "\u{7F}\u{2028}\"}")
  }

  @Test func `every control character is escaped in its one way and read back`() throws {
    for code in UInt8(0)..<0x20 {
      let text = JSONValue.string(JSONText(String(Character(Unicode.Scalar(code)))))
      let written = try spelling(text)
      #expect(!written.utf8.contains { $0 < 0x20 })
      #expect(try value(written) == text)
    }
    #expect(try spelling("\u{8}\t\n\u{C}\r\u{1F}") == #""\b\t\n\f\r\u001f""#)
  }

  @Test func `texts that only look alike stay different, as keys and as values`() throws {
    let composed: JSONText = "\u{E9}"
    let decomposed: JSONText = "e\u{301}"
    #expect(composed.string == decomposed.string && composed != decomposed)
    let object = JSONValue.object(JSONObject([(composed, 1), (decomposed, 2)]))
    #expect(object[composed] == 1 && object[decomposed] == 2)
    #expect(try value(spelling(object)) == object)
    #expect(JSONValue.string(";") != JSONValue.string("\u{37E}"))
  }

  @Test func `any layout and order of members is read`() throws {
    let read = try value(" { \"b\" :\t[ 1 ,\r\n-2 ] , \"a\" : \"\\u0041\\ud83d\\uDE00\\/\" } \n")
    #expect(read == ["a": "A\u{1F600}/", "b": [1, -2]])
  }

  @Test(arguments: [
    ("", 0, "expected a value in the text, found the end"),
    ("{\"a\":1,}", 7, "expected a key in an object, found \"}\""),
    ("[1,]", 3, "expected a value in an array or object, found \"]\""),
    ("[1 2]", 3, "expected a comma or a bracket in an array, found \"2\""),
    ("{\"a\" 1}", 5, "expected a colon in an object, found \"1\""),
    ("{a:1}", 1, "expected a key in an object, found \"a\""),
    ("\"abc", 4, "expected a closing quote in a string, found the end"),
    (
      "\"a\nb\"", 2,
      "expected an escape for a control character in a string, found \"<U+000A>\""
    ),
    ("\"\\x\"", 2, "expected one of \"\\/bfnrtu in an escape, found \"x\""),
    ("\"\\u00g0\"", 5, "expected a hexadecimal digit in an escape, found \"g\""),
    ("\"\\ud800\"", 1, "a \\u escape is half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", 1, "a \\u escape is half of a surrogate pair"),
    ("\"\\udc00\"", 1, "a \\u escape is half of a surrogate pair"),
    ("nul", 3, "expected \"null\" in a value, found the end"),
    ("truE", 3, "expected \"true\" in a value, found \"E\""),
    ("01", 1, "expected no digit after a leading zero in a number, found \"1\""),
    ("-", 1, "expected a digit in a number, found the end"),
    ("-0", 0, "only whole numbers are used here, without fraction, exponent or -0"),
    ("1.5", 0, "only whole numbers are used here, without fraction, exponent or -0"),
    ("1E2", 0, "only whole numbers are used here, without fraction, exponent or -0"),
    ("[9007199254740992]", 1, "the number 9007199254740992 is beyond 2^53 - 1"),
    ("99999999999999999999", 0, "the number 99999999999999999999 is beyond 2^53 - 1"),
    ("{\"a\":1,\"\\u0061\":2}", 7, "the key \"a\" comes twice in an object"),
    ("1 x", 2, "expected the end in the text, found \"x\""),
    ("\u{FEFF}1", 0, "expected a value in the text, found \"<EF>\""),
  ])
  func `damaged text is refused with its place`(text: String, offset: Int, reason: String) {
    let error = #expect(throws: CanonicalJSONError.self) { try value(text) }
    #expect(error?.offset == offset)
    #expect(error?.description == "at byte \(offset + 1): \(reason)")
  }

  @Test(
    arguments: [
      [0xFF], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ] as [[UInt8]])
  func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
    let error = #expect(throws: CanonicalJSONError.self) { try CanonicalJSON.value(of: bytes) }
    #expect(error?.problem == .notUTF8)
    #expect(error?.offset == (bytes.count == 1 ? 0 : 1))
  }

  @Test func `reader and writer share one limit of nesting`() throws {
    let deepest = nested(CanonicalJSON.depthLimit)
    #expect(try value(spelling(deepest)) == deepest)
    let tooDeep = nested(CanonicalJSON.depthLimit + 1)
    let problem = CanonicalJSONError.Problem.tooDeep(limit: CanonicalJSON.depthLimit)
    let written = #expect(throws: CanonicalJSONError.self) { try spelling(tooDeep) }
    let text = String(repeating: "[", count: 100_000)
    let read = #expect(throws: CanonicalJSONError.self) { try value(text) }
    #expect(written?.problem == problem && written?.offset == CanonicalJSON.depthLimit)
    #expect(read == written)
  }

  @Test func `a number that others choose is kept exactly, as text when it is large`() throws {
    #expect(JSONValue.exact(42 as UInt64) == 42)
    #expect(JSONValue.exact(UInt64.max) == "18446744073709551615")
    #expect(throws: CanonicalJSONError.self) { try spelling(.integer(.max)) }
  }

  @Test func `an object keeps its order while members come and go`() {
    var object = JSONObject()
    for key: JSONText in ["m", "a", "z", "k"] { object[key] = .string(key) }
    object["a"] = nil
    object["absent"] = nil
    object["z"] = 1
    #expect(object.members.map(\.key) == ["k", "m", "z"])
    #expect(object["z"] == 1 && object["a"] == nil && object.count == 3)
  }

  @Test func `random values survive the round trip and are written in one way only`() throws {
    var generator = Xorshift(seed: 20_261)
    for _ in 0..<300 {
      let original = randomValue(depth: 0, &generator)
      let written = try CanonicalJSON.bytes(of: original)
      let read = try CanonicalJSON.value(of: written)
      #expect(read == original)
      #expect(try CanonicalJSON.bytes(of: read) == written)
    }
  }
}

private struct Xorshift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

private func randomText(_ generator: inout Xorshift) -> JSONText {
  let pool: [Unicode.Scalar] = [
    "a", "b", "\"", "\\", "\0", "\n", "\u{1F}", "\u{7F}", "é", "e", "\u{301}", "\u{E000}",
    "\u{FFFF}", "\u{10000}", "\u{1F600}", "\u{202E}",
  ]
  var text = ""
  for _ in 0..<Int.random(in: 0..<6, using: &generator) {
    text.unicodeScalars.append(pool[Int.random(in: 0..<pool.count, using: &generator)])
  }
  return JSONText(text)
}

private func randomValue(depth: Int, _ generator: inout Xorshift) -> JSONValue {
  switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &generator) {
  case 0: return .null
  case 1: return .bool(Bool.random(using: &generator))
  case 2: return .integer(Int64.random(in: JSONValue.integerRange, using: &generator))
  case 3: return .string(randomText(&generator))
  case 4:
    return .array(
      (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
        randomValue(depth: depth + 1, &generator)
      })
  default:
    var object = JSONObject()
    for _ in 0..<Int.random(in: 0..<5, using: &generator) {
      object[randomText(&generator)] = randomValue(depth: depth + 1, &generator)
    }
    return .object(object)
  }
}
