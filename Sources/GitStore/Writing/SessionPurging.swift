// A session taken away for good: its records, its refs, and what its work left in directories.

import Approval
import Glibc

extension Repository {
  /// What a directory of records is called while it is being removed: no session has such a name.
  private static let removalPrefix = ".purged-"

  /// Removes a session's records and anchors, and the directories given; git collects the objects when it next does.
  ///
  /// From its first step on the session is gone; what a crash leaves half removed is removed by the next purge.
  ///
  /// - Parameter records: the session's directory, whose lock the caller holds.
  package func purge(
    session: String, records: String, directories: [String]
  ) throws(GitError) {
    let place = parentDirectory(of: records)
    let leaving = "\(place)/\(Self.removalPrefix)\(session)"
    try removeTree(leaving)
    guard rename(records, leaving) == 0 else {
      throw .system(attempt: "put away the records in", path: records, code: errno)
    }
    try deleteAnchors(session: session)
    for directory in directories { try removeTree(directory) }
    for name in directoryNames(place) where name.hasPrefix(Self.removalPrefix) {
      try deleteAnchors(session: String(name.dropFirst(Self.removalPrefix.count)))
      try removeTree("\(place)/\(name)")
    }
  }
}
