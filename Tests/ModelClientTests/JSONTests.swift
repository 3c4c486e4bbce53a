import Testing

@testable import ModelClient

struct JSONTests {
  @Test(arguments: [
    #"{"a":[1,-2,0.5,1e3],"b":null,"c":true,"d":"x"}"#, "[]", "{}", #""\u00e9\ud83d\ude00\n\/""#,
    "  0  ",
  ])
  func `a value survives being written and read again`(_ text: String) throws {
    let value = try JSONValue.reading(text.utf8)
    #expect(try JSONValue.reading(value.encoded) == value)
  }

  @Test func `escapes become the bytes they stand for`() throws {
    let value = try JSONValue.reading(#""\u001b\t\ud83d\ude00\ud800x""#.utf8)
    #expect(value.bytes == [0x1B, 0x09] + Array("😀\u{FFFD}x".utf8))
  }

  @Test func `bytes that are no UTF-8 are kept`() throws {
    #expect(try JSONValue.reading([0x22, 0xFF, 0xFE, 0x22]).bytes == [0xFF, 0xFE])
  }

  @Test func `of equal keys the last counts`() throws {
    #expect(try JSONValue.reading(#"{"a":1,"a":2}"#.utf8)["a"]?.int == 2)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":}", "01", "-", "1.", "tru", "\"\u{01}\"", "\"\\x\"", "\"", "1 2",
    "{1:2}", "nul", "\"\\u12g4\"", "[1 2]",
  ])
  func `what is no JSON is refused with a position`(_ text: String) {
    #expect(throws: JSONError.self) { try JSONValue.reading(text.utf8) }
  }

  @Test func `nesting has a limit`() {
    #expect(throws: JSONError.self) {
      try JSONValue.reading(String(repeating: "[", count: 5000).utf8)
    }
  }

  @Test func `control characters are written as escapes`() {
    #expect(JSONValue.string([0x00, 0x1B, 0x22]).encoded == Array(#""\u0000\u001b\"""#.utf8))
  }

  @Test(arguments: 0..<70)
  func `base64 gives its bytes back`(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
    #expect(Base64.decoded(Base64.encoded(bytes)) == bytes)
  }

  @Test(arguments: ["A", "AAA", "A===", "AA*=", "===="])
  func `what is no base64 is refused`(_ text: String) {
    #expect(Base64.decoded(Array(text.utf8)) == nil)
  }
}
