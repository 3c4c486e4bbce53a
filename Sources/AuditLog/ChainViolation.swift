// What can be wrong with a ledger file, and where exactly.

/// The first place at which a ledger is not the chain that it claims to be.
package struct ChainViolation: Error, Hashable, Sendable, CustomStringConvertible {
  package enum What: Hashable, Sendable {
    /// The line is not JSON, or not the canonical spelling of what it says.
    case spelling
    /// A member is missing or foreign.
    case fields
    /// `seq` is not the place of the record.
    case sequence
    /// `prev` is not the digest of the line before: one of the two was changed.
    case link
    /// `kind` is not a name.
    case kind
    /// The chain ends before the record that is anchored elsewhere.
    case cutOff
    /// The anchored record has another digest.
    case anchor
  }

  /// The 0-based index of the record.
  package let index: Int
  /// Where its line starts in the file, in bytes.
  package let byteOffset: Int
  package let what: What
  package let expected: String
  package let found: String

  package var description: String {
    "record \(index + 1) \(what.inWords): expected \(expected), found \(found)"
  }
}

extension ChainViolation.What {
  fileprivate var inWords: String {
    switch self {
    case .spelling: "is not spelled as records are"
    case .fields: "has other members than a record"
    case .sequence: "is out of sequence"
    case .link: "does not continue the record before it"
    case .kind: "has no kind"
    case .cutOff: "is missing, the ledger was cut off"
    case .anchor: "is not the one that was anchored"
    }
  }
}
