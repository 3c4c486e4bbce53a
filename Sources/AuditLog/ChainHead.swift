// Where a chain stands: what the next record must continue, and what a commit anchors.

package import Digest

/// The end of a chain of records.
package struct ChainHead: Hashable, Sendable {
  /// How many records there are; also the sequence of the next one.
  package let count: Int
  /// The digest of the last line without its line feed; nil before the first record.
  package let digest: SHA256Digest?

  /// The head of a chain without records.
  package static let start = ChainHead(count: 0, digest: nil)

  package init(count: Int, digest: SHA256Digest?) {
    precondition((count == 0) == (digest == nil), "only an empty chain has no digest")
    self.count = count
    self.digest = digest
  }

  package init(after record: ChainRecord) {
    self.init(count: record.sequence + 1, digest: record.digest)
  }

  /// What the next record carries in `prev`.
  var spelling: String { digest?.hex ?? ChainRecord.noPrevious }
}
