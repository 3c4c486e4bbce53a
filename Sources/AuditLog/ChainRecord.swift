// One line of a ledger file: its four fields, and how they become bytes.

package import Digest

/// One record of a ledger: canonical JSON with exactly the members `body`, `kind`, `prev`, `seq`.
package struct ChainRecord: Hashable, Sendable {
  /// The 0-based place in the ledger.
  package let sequence: Int
  /// The digest of the line before without its line feed; nil for the first record.
  package let previous: SHA256Digest?
  package let kind: String
  package let body: JSONValue
  /// The digest of this record's own line without its line feed.
  package let digest: SHA256Digest
  /// The line as it stands in the file, without its line feed.
  package let line: [UInt8]

  /// What `prev` holds in the first record.
  package static let noPrevious = String(repeating: "0", count: 64)

  /// Makes the record that follows `head`.
  ///
  /// - Throws: when `body` holds what canonical JSON cannot.
  package init(after head: ChainHead, kind: String, body: JSONValue) throws(CanonicalJSONError) {
    sequence = head.count
    previous = head.digest
    self.kind = kind
    self.body = body
    line = try CanonicalJSON.bytes(of: [
      "body": body, "kind": .text(kind), "prev": .text(head.spelling),
      "seq": .integer(Int64(head.count)),
    ])
    digest = SHA256Digest.of(line)
  }

  /// Reads `line` as the record that follows `head`.
  ///
  /// - Parameters:
  ///   - line: the bytes without the line feed.
  ///   - offset: where the line starts in the file, for the violation.
  package init(reading line: [UInt8], after head: ChainHead, at offset: Int) throws(ChainViolation)
  {
    func violation(_ what: ChainViolation.What, expected: String, found: String) -> ChainViolation {
      ChainViolation(
        index: head.count, byteOffset: offset, what: what, expected: expected, found: found)
    }
    let fields = try ChainRecord.fields(of: line, violation: violation)
    for name: JSONText in ["body", "kind", "prev", "seq"] where fields[name] == nil {
      throw violation(.fields, expected: "the member \"\(name.string)\"", found: "none")
    }
    if let extra = fields.members.first(where: { !ChainRecord.names.contains($0.key) }) {
      throw violation(
        .fields, expected: "only body, kind, prev and seq",
        found: "\"\(DisplayedBytes.text(of: extra.key.utf8))\"")
    }
    guard fields["seq"] == .integer(Int64(head.count)) else {
      throw violation(
        .sequence, expected: String(head.count), found: ChainRecord.shown(fields["seq"]))
    }
    guard fields["prev"] == .text(head.spelling) else {
      throw violation(.link, expected: head.spelling, found: ChainRecord.shown(fields["prev"]))
    }
    guard let kind = fields["kind"]?.textValue, !kind.utf8.isEmpty, let body = fields["body"] else {
      throw violation(.kind, expected: "a name", found: ChainRecord.shown(fields["kind"]))
    }
    sequence = head.count
    previous = head.digest
    self.kind = kind.string
    self.body = body
    self.line = line
    digest = SHA256Digest.of(line)
  }

  /// Reads a record that stands by itself, away from its chain, and takes its place and what came before from what it says.
  ///
  /// Its digest proves nothing until it is compared with one that was kept elsewhere.
  package init(alone line: [UInt8]) throws(ChainViolation) {
    var claimed = ChainHead.start
    if let value = try? CanonicalJSON.value(of: line), let count = value["seq"]?.intValue,
      count > 0, let digest = value["prev"]?.stringValue.flatMap({ SHA256Digest(hex: $0) })
    {
      claimed = ChainHead(count: count, digest: digest)
    }
    try self.init(reading: line, after: claimed, at: 0)
  }

  private static let names: Set<JSONText> = ["body", "kind", "prev", "seq"]

  private static func fields(
    of line: [UInt8],
    violation: (ChainViolation.What, _ expected: String, _ found: String) -> ChainViolation
  ) throws(ChainViolation) -> JSONObject {
    let value: JSONValue
    let spelling: [UInt8]
    do {
      value = try CanonicalJSON.value(of: line)
      spelling = try CanonicalJSON.bytes(of: value)
    } catch {
      throw violation(.spelling, "canonical JSON", error.description)
    }
    guard spelling == line else {
      let place = zip(spelling, line).prefix { $0 == $1 }.count
      throw violation(.spelling, "canonical JSON", "another spelling from byte \(place + 1) on")
    }
    guard let fields = value.objectValue else {
      throw violation(.fields, "an object", value.kindInWords)
    }
    return fields
  }

  private static func shown(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): "\"\(DisplayedBytes.text(of: text.utf8, limit: 80))\""
    case .integer(let number): String(number)
    case .some(let other): other.kindInWords
    case nil: "none"
    }
  }
}
