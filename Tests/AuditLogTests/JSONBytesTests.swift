// Bytes inside JSON, and bytes inside sentences.

import AuditLog
import Testing

@Suite struct JSONBytesTests {
  @Test func `text travels as text and other bytes as base64`() {
    #expect(JSONValue.bytes(Array("src/é.swift".utf8)) == "src/é.swift")
    #expect(JSONValue.bytes([0x66, 0xFF]) == ["b64": "Zv8="])
    #expect(JSONValue.bytes([0xFF]) == ["b64": "/w=="])
    #expect(JSONValue.bytes([0xFB, 0xEF, 0xFE]) == ["b64": "++/+"])
    #expect(JSONValue.bytes([]) == "")
  }

  @Test func `every pair of bytes, and pieces of text with a stray byte, come back`() throws {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second]
        guard JSONValue.bytes(bytes).bytesValue == bytes else {
          Issue.record("\(bytes) does not come back")
          return
        }
      }
    }
    for count in 0..<20 {
      let bytes = Array("abc".utf8) + [UInt8](repeating: 0xFE, count: count) + [0, 10]
      let written = try CanonicalJSON.bytes(of: .bytes(bytes))
      #expect(try CanonicalJSON.value(of: written).bytesValue == bytes)
    }
  }

  @Test(
    arguments: [
      ["b64": "Zv8"], ["b64": "Zv9="], ["b64": "Zm8="], ["b64": "Zv8=Zv8="], ["b64": "Z==="],
      ["b64": "Zv 8"], ["b64": 1], ["b64": ""], ["b64": "Zv8=", "c": 1], ["b65": "Zv8="], [:], 1,
      nil,
      ["Zv8="],
    ] as [JSONValue])
  func `what is not written for any bytes is not read as bytes`(value: JSONValue) {
    #expect(value.bytesValue == nil)
  }

  @Test func `a sentence shows untrusted bytes as what they are`() {
    let hostile = Array("a\u{1B}[31m\u{202E}é漢\u{301}\u{200B}\u{A0}".utf8) + [0xFF, 0xC3, 0x0A]
    #expect(
      DisplayedBytes.text(of: hostile)
        == "a<U+001B>[31m<U+202E>é漢\u{301}<U+200B><U+00A0><FF><C3><U+000A>")
    #expect(DisplayedBytes.text(of: Array("abcdef".utf8), limit: 3) == "abc…")
    #expect(DisplayedBytes.text(of: Array("abc".utf8), limit: 3) == "abc")
    #expect(DisplayedBytes.text(of: [] as [UInt8]) == "")
  }
}
