// One edit as a model wrote it, before anything is known about the files it is for.

/// An edit block of a model's answer, or a stretch of the answer that looks like one and is not.
package struct EditBlock: Sendable, Equatable {
  package let syntax: EditSyntax
  /// The path as written, without decorations; empty when none was found.
  package let path: [UInt8]
  package let edit: Edit
  /// The bytes of the answer that the block takes up, its path line included.
  package let answerRange: Range<Int>
  /// Those bytes, unchanged.
  package let verbatim: [UInt8]

  package init(
    syntax: EditSyntax, path: [UInt8], edit: Edit, answerRange: Range<Int>, verbatim: [UInt8]
  ) {
    self.syntax = syntax
    self.path = path
    self.edit = edit
    self.answerRange = answerRange
    self.verbatim = verbatim
  }
}

/// The notations in which a model may write an edit.
package enum EditSyntax: Sendable, Equatable {
  case searchReplace
  case wholeFile
  case applyPatch
  case unifiedDiff
}

/// What a block asks for. Lines carry no line feed; a CR stays unless the whole block used CRLF.
package enum Edit: Sendable, Equatable {
  case replace(LineReplacement)
  /// A new file of these lines.
  case create([[UInt8]])
  /// The whole new content of a file that may exist.
  case wholeFile([[UInt8]])
  case delete
  case move(to: [UInt8])
  /// Looks like an edit but cannot be read as one; `EditBlock.verbatim` has the text.
  case malformed(MalformedReason)
}

/// Quoted lines, what they become, and what the answer says about where they are.
package struct LineReplacement: Sendable, Equatable {
  package let search: [[UInt8]]
  package let replacement: [[UInt8]]
  /// The 0-based line a hunk header names; it only chooses among equal places.
  package let lineHint: Int?
  /// Lines the model named as surroundings (`@@ class Ledger`), outermost first.
  package let scope: [[UInt8]]

  package init(
    search: [[UInt8]], replacement: [[UInt8]], lineHint: Int? = nil, scope: [[UInt8]] = []
  ) {
    self.search = search
    self.replacement = replacement
    self.lineHint = lineHint
    self.scope = scope
  }
}

/// Why a stretch of an answer cannot be read as an edit.
package enum MalformedReason: Sendable, Equatable {
  case missingPath
  case missingDivider
  case severalDividers(Int)
  case nestedStart
  case unfinished
  case endWithoutStart
  case unknownMarker
  case indentedMarker
  case severalEnds(Int)
  case nestedFence
  case missingNewPath
  case lineWithoutSign
  case noHunks
  case unknownPatchLine
  case quotesInNewFile
  case newFileInParts
  case linesInFileBlock

  /// A full sentence for the person who reads the unplaced edit.
  package var sentence: String {
    switch self {
    case .missingPath: "No path stands above the block."
    case .missingDivider: "The block has no ======= line between SEARCH and REPLACE."
    case .severalDividers(let count):
      "The block has \(count) ======= lines, and any of them could be the divider."
    case .nestedStart: "A second block starts before this one ends."
    case .unfinished: "The answer ends inside the block."
    case .endWithoutStart: "An end marker stands without a start marker."
    case .unknownMarker: "The marker line is none of SEARCH, DELETE and MOVE."
    case .indentedMarker:
      "The marker lines stand behind blanks, a quote or a list sign, so what the code begins with is unknown."
    case .severalEnds(let count):
      "The block has \(count) end markers of another length than its start marker."
    case .nestedFence: "A fence inside the fenced file makes its end ambiguous."
    case .missingNewPath: "The block moves a file without naming the new path."
    case .lineWithoutSign: "A line of the hunk begins with neither a blank nor + nor -."
    case .noHunks: "The patch names a file and changes nothing in it."
    case .unknownPatchLine: "The patch has a line that belongs to no known section."
    case .quotesInNewFile: "The patch makes a new file and yet quotes lines of it."
    case .newFileInParts: "The patch makes a new file in several parts."
    case .linesInFileBlock: "The block deletes or moves a file, and yet has lines in it."
    }
  }
}
