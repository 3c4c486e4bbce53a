// What the scanner is given: one path's change as plain values.

/// A line of a file with its 0-based number on its side.
package struct ScannedLine: Sendable, Equatable {
  package let number: Int
  /// With its terminator, if it has one: a carriage return that no line feed follows is content.
  package let bytes: ArraySlice<UInt8>

  package init(number: Int, bytes: ArraySlice<UInt8>) {
    self.number = number
    self.bytes = bytes
  }

  /// The line without LF or CRLF.
  var content: ArraySlice<UInt8> {
    guard bytes.last == UInt8(ascii: "\n") else { return bytes }
    let line = bytes.dropLast()
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}

/// The change of one path.
package struct ScannedChange: Sendable, Equatable {
  package let path: [UInt8]
  /// git's mode on the old side, such as 0o100644; nil when the path is new.
  package let oldMode: UInt32?
  /// git's mode on the new side; nil when the path is deleted.
  package let newMode: UInt32?
  /// Ascending. For a symbolic link, its target.
  package let added: [ScannedLine]
  /// Ascending. Without them, changes that only normalise text and tests that go unnoticed are not found.
  package let removed: [ScannedLine]

  package init(
    path: [UInt8], oldMode: UInt32?, newMode: UInt32?, added: [ScannedLine],
    removed: [ScannedLine] = []
  ) {
    self.path = path
    self.oldMode = oldMode
    self.newMode = newMode
    self.added = added
    self.removed = removed
  }
}

/// How much a finding asks of the human.
package enum FindingClass: String, Sendable, Comparable, CaseIterable {
  /// Shown, nothing more.
  case note
  /// Approved with a keystroke of its own, never in bulk.
  case warn
  /// Approved only after a typed acknowledgement.
  case block

  package static func < (left: FindingClass, right: FindingClass) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warn: 1
    case .block: 2
    }
  }
}

/// One thing a rule has found.
package struct Finding: Sendable, Hashable {
  /// The rule of paths where the user's policy lets nothing change.
  package static let forbiddenPathRule = "policy.forbidden-path"

  /// The rule's identifier, such as `text.bidi`.
  package let rule: String
  package let severity: FindingClass
  package let path: [UInt8]
  /// The 0-based line on the new side; nil when the finding is about the file.
  package let line: Int?
  /// Why it matters, in a sentence.
  package let sentence: String

  package init(
    rule: String, severity: FindingClass, path: [UInt8], line: Int?, sentence: String
  ) {
    self.rule = rule
    self.severity = severity
    self.path = path
    self.line = line
    self.sentence = sentence
  }
}
