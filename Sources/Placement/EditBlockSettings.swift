// What a parser has to know of the request that an answer is for.

/// What the request told the model about the format of its answer.
package struct EditBlockSettings: Sendable {
  /// Paths of the files that were offered; a line that is one of them is a path whatever else it looks like.
  package var knownPaths: Set<[UInt8]>
  /// Whether a path above fenced text means a whole file.
  package var acceptsWholeFiles: Bool

  package init(knownPaths: Set<[UInt8]> = [], acceptsWholeFiles: Bool = false) {
    self.knownPaths = knownPaths
    self.acceptsWholeFiles = acceptsWholeFiles
  }
}
