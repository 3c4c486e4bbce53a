// The file changes offered against a base: untrusted, immutable.

/// The name of a git object: 40 lower-case hexadecimal digits (SHA-1 repositories).
package struct ObjectID: Hashable, Sendable, CustomStringConvertible {
  package let hex: String

  /// Returns nil unless `hex` is 40 lower-case hexadecimal digits.
  package init?(hex: String) {
    let isDigit: (UInt8) -> Bool = {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    guard hex.utf8.count == 40, hex.utf8.allSatisfy(isDigit) else { return nil }
    self.hex = hex
  }

  /// The first eight digits, for the screen.
  package var short: String { String(hex.prefix(8)) }

  package var description: String { hex }
}

/// The modes a tree entry can have; the raw value is git's.
package enum FileMode: UInt32, Hashable, Sendable {
  case regular = 0o100644
  case executable = 0o100755
  case symlink = 0o120000
  case submodule = 0o160000

  /// Whether the entry is a file whose content lines can be decided on.
  package var isFile: Bool { self == .regular || self == .executable }
}

/// One side of a changed path.
package struct FileState: Hashable, Sendable {
  package let mode: FileMode
  package let blob: ObjectID

  package init(mode: FileMode, blob: ObjectID) {
    self.mode = mode
    self.blob = blob
  }
}

/// A path that differs between base and proposal; a nil side means that the path is absent there.
package struct ProposedFile: Hashable, Sendable {
  package let path: RepositoryPath
  package let old: FileState?
  package let new: FileState?

  package init(path: RepositoryPath, old: FileState?, new: FileState?) {
    precondition(old != new, "a proposed file that does not change")
    self.path = path
    self.old = old
    self.new = new
  }

  package var changesMode: Bool {
    guard let old, let new else { return false }
    return old.mode != new.mode
  }
}

/// All changed paths of one round against its base, sorted by path.
package struct Proposal: Hashable, Sendable {
  /// The commit the session starts from; nil on an unborn branch.
  package let baseCommit: ObjectID?
  package let baseTree: ObjectID
  package let tree: ObjectID
  package let files: [ProposedFile]

  package init(baseCommit: ObjectID?, baseTree: ObjectID, tree: ObjectID, files: [ProposedFile]) {
    self.baseCommit = baseCommit
    self.baseTree = baseTree
    self.tree = tree
    self.files = files.sorted { $0.path < $1.path }
  }

  /// The index of `path` among `files`. O(log files).
  package func index(of path: RepositoryPath) -> Int? {
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < files.count && files[low].path == path ? low : nil
  }
}
