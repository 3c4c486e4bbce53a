// A proposed file as far as it is read, and where its hunks stand.

package import Approval
package import Diffing
package import Scanner

/// A proposed file on its way into the review.
package enum LoadedFile: Sendable {
  case pending
  case loaded(FileChange, findings: [Finding])
  /// The first change of a large file, to be read while the rest is compared; nothing of it can be decided on yet.
  case begun(FileChange)
  /// Counted, and its contents let go of to save memory; they are read again when it is shown. No outline for a file decided on as a whole.
  case counted(DiffOutline?, findings: [Finding])
  /// Why its content cannot be shown; it cannot be decided on either.
  case failed(String)

  package var change: FileChange? {
    guard case .loaded(let change, _) = self else { return nil }
    return change
  }

  /// Whether it is still to be read, or still being compared.
  package var isUnread: Bool {
    switch self {
    case .pending, .begun: true
    case .loaded, .counted, .failed: false
    }
  }

  package var findings: [Finding] {
    switch self {
    case .loaded(_, let findings), .counted(_, let findings): findings
    case .pending, .begun, .failed: []
    }
  }
}

/// Where the hunks of a file, or of all files, stand.
package struct Tally: Hashable, Sendable {
  package var approved = 0
  package var rejected = 0
  /// Some lines approved, others not; nothing left to decide.
  package var partial = 0
  package var undecided = 0

  package init() {}

  package var total: Int { approved + rejected + partial + undecided }

  package static func += (left: inout Tally, right: Tally) {
    left.approved += right.approved
    left.rejected += right.rejected
    left.partial += right.partial
    left.undecided += right.undecided
  }

  package static func -= (left: inout Tally, right: Tally) {
    left.approved -= right.approved
    left.rejected -= right.rejected
    left.partial -= right.partial
    left.undecided -= right.undecided
  }
}

/// The standing of a hunk, derived from its lines.
package enum HunkStanding: Hashable, Sendable {
  case undecided
  case approved
  case rejected
  /// Lines differ; `isOpen` while some of them are undecided.
  case partial(isOpen: Bool)

  package var isOpen: Bool {
    switch self {
    case .undecided: true
    case .approved, .rejected: false
    case .partial(let isOpen): isOpen
    }
  }
}
