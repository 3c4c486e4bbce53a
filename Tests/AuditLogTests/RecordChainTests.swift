// Chains of records: what is accepted, what is a torn tail, what is a violation.

import AuditLog
import Digest
import Testing

private let bodies: [JSONValue] = [
  ["base": "3fd21c8", "model": "tiny"], ["hunk": 1, "state": "approved"],
  ["path": ["b64": "/w=="], "text": "a\nb"], nil,
]

private func makeLines() throws -> [[UInt8]] {
  var head = ChainHead.start
  return try bodies.map { body in
    let record = try ChainRecord(after: head, kind: "decision", body: body)
    head = ChainHead(after: record)
    return record.line
  }
}

private func file(_ lines: [[UInt8]]) -> [UInt8] {
  lines.flatMap { $0 + [UInt8(ascii: "\n")] }
}

private func replacing(_ line: [UInt8], _ old: String, _ new: String) -> [UInt8] {
  let text = String(decoding: line, as: UTF8.self)
  guard let range = text.firstRange(of: old) else { preconditionFailure("no \(old)") }
  return Array(text.replacingCharacters(in: range, with: new).utf8)
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map { start in
      start..<index(start, offsetBy: part.count)
    }
  }

  fileprivate func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}

@Suite struct RecordChainTests {
  @Test func `a record is one canonical line that carries the digest of the line before`() throws {
    let lines = try makeLines()
    #expect(
      String(decoding: lines[0], as: UTF8.self)
        == #"{"body":{"base":"3fd21c8","model":"tiny"},"kind":"decision","#
        + #""prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":0}"#)
    let previous = SHA256Digest.of(lines[0]).hex
    #expect(
      String(decoding: lines[1], as: UTF8.self)
        == #"{"body":{"hunk":1,"state":"approved"},"kind":"decision","prev":""# + previous
        + #"","seq":1}"#)
  }

  @Test func `a whole chain is read with its head`() throws {
    let lines = try makeLines()
    let chain = try RecordChain(reading: file(lines))
    #expect(chain.records.map(\.body) == bodies)
    #expect(chain.records.map(\.sequence) == [0, 1, 2, 3])
    #expect(chain.records[0].previous == nil)
    #expect(chain.records[3].previous == chain.records[2].digest)
    #expect(chain.head == ChainHead(count: 4, digest: SHA256Digest.of(lines[3])))
    #expect(chain.tornTail.isEmpty && chain.byteCount == file(lines).count)
    #expect(try RecordChain(reading: []).head == .start)
  }

  @Test func `a file cut at any byte keeps its whole records and reports the rest as torn`() throws
  {
    let lines = try makeLines()
    let whole = file(lines)
    for length in 0...whole.count {
      let cut = Array(whole[..<length])
      let chain = try RecordChain(reading: cut)
      let wholeLineCount = cut.count { $0 == UInt8(ascii: "\n") }
      #expect(chain.records.map(\.line) == Array(lines[..<wholeLineCount]))
      #expect(file(chain.records.map(\.line)) + chain.tornTail == cut)
    }
  }

  @Test func `blocks that were never written count as torn only at the end`() throws {
    let lines = try makeLines()
    let hole = [UInt8](repeating: 0, count: 40)
    for tail in [hole, hole + [0x0A], hole + Array("\"seq\":4}\n".utf8)] {
      let chain = try RecordChain(reading: file(lines) + tail)
      #expect(chain.records.count == 4 && chain.tornTail == tail)
    }
    #expect(throws: ChainViolation.self) {
      try RecordChain(reading: file([lines[0]]) + hole + [0x0A] + file([lines[1]]))
    }
  }

  @Test func `changing any single byte is noticed`() throws {
    let whole = file(try makeLines())
    let head = try RecordChain(reading: whole).head
    for place in whole.indices {
      for change: UInt8 in [0x01, 0x20, 0x80] {
        var changed = whole
        changed[place] ^= change
        if let chain = try? RecordChain(reading: changed) {
          // Only the tail can pass as torn, or as another last record: the anchor tells.
          #expect(chain.head != head)
        }
      }
    }
  }

  @Test func `a changed record breaks the link of the next one, which is named exactly`() throws {
    var lines = try makeLines()
    let original = SHA256Digest.of(lines[1])
    lines[1] = replacing(lines[1], "approved", "rejected")
    let error = #expect(throws: ChainViolation.self) { try RecordChain(reading: file(lines)) }
    #expect(error?.index == 2 && error?.what == .link)
    #expect(error?.byteOffset == lines[0].count + lines[1].count + 2)
    #expect(error?.expected == SHA256Digest.of(lines[1]).hex)
    #expect(error?.found == "\"\(original.hex)\"")
  }

  @Test func `left out, doubled and swapped records are violations`() throws {
    let lines = try makeLines()
    let leftOut = #expect(throws: ChainViolation.self) {
      try RecordChain(reading: file([lines[0], lines[2], lines[3]]))
    }
    #expect(
      leftOut?.description == "record 2 is out of sequence: expected 1, found 2")
    for order in [[0, 0, 1], [1, 0, 2], [0, 2, 1], [1], [0, 1, 1]] {
      #expect(throws: ChainViolation.self) {
        try RecordChain(reading: file(order.map { lines[$0] }))
      }
    }
  }

  @Test(arguments: [
    ("\"seq\":0", "\"seq\":\"0\"", ChainViolation.What.sequence, "expected 0, found \"0\""),
    ("\"seq\":0", "\"seq\":1", .sequence, "expected 0, found 1"),
    ("\"kind\":\"decision\"", "\"kind\":\"\"", .kind, "expected a name, found \"\""),
    ("\"kind\":\"decision\"", "\"kind\":null", .kind, "expected a name, found null"),
    ("\"kind\":\"decision\",", "", .fields, "expected the member \"kind\", found none"),
    (
      "\"kind\":", "\"extra\":1,\"kind\":", .fields,
      "expected only body, kind, prev and seq, found \"extra\""
    ),
    (
      ",\"seq\"", ", \"seq\"", .spelling,
      "expected canonical JSON, found another spelling from byte "
    ),
    (
      "\"seq\":0}", "\"seq\":0", .spelling,
      "expected a comma or a brace in an object, found the end"
    ),
  ])
  func `a line that is no record is told apart`(
    old: String, new: String, what: ChainViolation.What, words: String
  ) throws {
    let line = replacing(try makeLines()[0], old, new)
    let error = #expect(throws: ChainViolation.self) { try RecordChain(reading: file([line])) }
    #expect(error?.what == what)
    #expect(error?.index == 0)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `an empty line and a JSON value that is no object are violations`() {
    for line in ["", "[]", "1", "{}"] {
      #expect(throws: ChainViolation.self) { try RecordChain(reading: Array("\(line)\n".utf8)) }
    }
  }

  @Test func `an anchor notices a tail that was cut off or written anew`() throws {
    let lines = try makeLines()
    let chain = try RecordChain(reading: file(lines))
    for record in chain.records { try chain.verify(anchor: record.digest, at: record.sequence) }
    let cut = try RecordChain(reading: file(Array(lines[..<2])))
    let cutOff = #expect(throws: ChainViolation.self) {
      try cut.verify(anchor: chain.records[3].digest, at: 3)
    }
    #expect(cutOff?.what == .cutOff && cutOff?.found == "2 records")
    let forged = try ChainRecord(after: cut.head, kind: "decision", body: ["state": "forged"])
    let other = try RecordChain(reading: file(Array(lines[..<2]) + [forged.line]))
    let anchor = #expect(throws: ChainViolation.self) {
      try other.verify(anchor: chain.records[2].digest, at: 2)
    }
    #expect(anchor?.what == .anchor && anchor?.found == forged.digest.hex)
  }
}
