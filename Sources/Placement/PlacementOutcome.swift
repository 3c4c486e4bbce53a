// What became of the edit blocks of an answer.

/// The changed files, and the blocks that changed nothing, with reasons.
package struct PlacementOutcome: Sendable, Equatable {
  /// Ascending by path.
  package let changes: [PlacedFile]
  /// Ascending by block.
  package let unplaced: [UnplacedEdit]
}

/// A file as it will be, with all placed edits made.
package struct PlacedFile: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case modified
    case created
    case deleted
    case moved(from: [UInt8])
  }

  /// The path after a move.
  package let path: [UInt8]
  package let kind: Kind
  /// The new content; empty for a deleted file.
  package let content: [UInt8]
  /// Ascending by place in the file.
  package let placements: [Placement]
}

/// Where one block was placed.
package struct Placement: Sendable, Equatable {
  /// What decided between several equal places.
  package enum Pin: Sendable, Equatable {
    case lineHint
    case scope
    case order
  }

  package let blockIndex: Int
  /// The lines that were quoted, 0-based, in the offered content.
  package let oldLineRange: Range<Int>
  /// The lines they became, 0-based, in the new content.
  package let newLineRange: Range<Int>
  package let rung: PlacementRung
  /// nil when there was only one place.
  package let pin: Pin?
  /// Whether far more is removed than written: over 20 quoted lines become less than a quarter, or a whole file loses over 40 %.
  package let shrinksMuch: Bool

  /// Whether neighbours or hints chose the place, which the human is told.
  package var byOrder: Bool { pin != nil }
}

/// A block that changed nothing.
package struct UnplacedEdit: Sendable, Equatable {
  package let blockIndex: Int
  package let block: EditBlock
  package let reason: PlacementRefusal
  /// Places to offer, best first.
  package let candidates: [PlacementCandidate]
}
