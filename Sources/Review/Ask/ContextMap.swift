// The map that can go along with a request.

package import Approval

/// Lines of files that do not go along: what they define that the chosen files use.
package struct ContextMap: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let path: RepositoryPath
    /// Without line ends; in the order of the file.
    package let lines: [[UInt8]]

    package init(path: RepositoryPath, lines: [[UInt8]]) {
      self.path = path
      self.lines = lines
    }
  }

  /// The commit that its lines are of; nil where there is none yet.
  package let commit: ObjectID?
  /// The files that it was made for, sorted.
  package let files: [RepositoryPath]
  /// Sorted by path.
  package let parts: [Part]

  package init(commit: ObjectID?, files: [RepositoryPath], parts: [Part]) {
    self.commit = commit
    self.files = files
    self.parts = parts
  }

  package var lineCount: Int { parts.reduce(0) { $0 + $1.lines.count } }

  /// As it goes into the prompt; empty when there is nothing to tell.
  package var text: [UInt8] {
    var text: [UInt8] = []
    for part in parts {
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      text += part.path.bytes + [UInt8(ascii: "\n")]
      for line in part.lines { text += Array("  ".utf8) + line + [UInt8(ascii: "\n")] }
    }
    return text
  }
}
