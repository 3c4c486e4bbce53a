// Reading a whole ledger file: every record verified, a torn tail told apart from damage.

package import Digest

/// The verified content of a ledger file.
///
/// The file is JSON Lines. Each line is canonical JSON and carries the SHA-256 of the line before,
/// so the digest of the last line stands for all of them.
package struct RecordChain: Hashable, Sendable {
  package private(set) var records: [ChainRecord] = []

  /// What a crash left of the record being written then: its append never returned.
  ///
  /// A last line without a line feed, or one with NUL bytes, which no record holds but blocks do
  /// that were allocated and never written before the power went.
  package private(set) var tornTail: [UInt8] = []

  /// How many bytes of the file the records take.
  package private(set) var byteCount = 0

  package var head: ChainHead { records.last.map(ChainHead.init(after:)) ?? .start }

  /// Reads and verifies the content of a ledger file. O(bytes).
  ///
  /// - Throws: the first violation. A torn tail is not one.
  package init(reading file: [UInt8]) throws(ChainViolation) {
    while byteCount < file.count {
      let rest = file[byteCount...]
      let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n"))
      let line = rest[..<(lineEnd ?? rest.endIndex)]
      guard let lineEnd, !(lineEnd + 1 == file.count && line.contains(0)) else {
        tornTail = Array(rest)
        return
      }
      records.append(try ChainRecord(reading: Array(line), after: head, at: byteCount))
      byteCount = lineEnd + 1
    }
  }

  /// Checks that the record `sequence` is there and has the digest that was anchored elsewhere.
  ///
  /// This is what makes a chain evidence: without an anchor its tail can be cut or rewritten.
  package func verify(anchor digest: SHA256Digest, at sequence: Int) throws(ChainViolation) {
    guard records.indices.contains(sequence) else {
      throw ChainViolation(
        index: sequence, byteOffset: byteCount, what: .cutOff, expected: digest.hex,
        found: "\(records.count) records")
    }
    let offset = records[..<sequence].reduce(0) { $0 + $1.line.count + 1 }
    guard records[sequence].digest == digest else {
      throw ChainViolation(
        index: sequence, byteOffset: offset, what: .anchor, expected: digest.hex,
        found: records[sequence].digest.hex)
    }
  }
}
