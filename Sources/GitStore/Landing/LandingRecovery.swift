// A landing that a crash cut off, brought to its end at the next start.

package import Approval
import Glibc

/// What became of a landing that was cut off.
package enum LandingRecovery: Hashable, Sendable {
  /// The branch had not moved: everything is as before, and the commit is in no branch.
  case nothingMoved(commit: ObjectID)
  /// The branch has the commit, and index and files have followed now where they had to.
  case finished(commit: ObjectID)
  /// The branch has the commit, and others moved on since; there is nothing left to do. Index and files may not have followed before.
  case movedOn(commit: ObjectID, head: ObjectID?, isFollowed: Bool)
  /// The branch had the commit and was taken back since; there is nothing left to do.
  case takenBack(commit: ObjectID)
  /// The branch has the commit, but these touched paths have content of neither side, so nothing was overwritten; the journal stays.
  case blocked(commit: ObjectID, paths: [RepositoryPath])
  /// A git that outlived its Countersign is still at it; nothing was done, and the journal stays.
  case underWay(commit: ObjectID)
  /// It is about another linked checkout, whose git directory is `checkout`; nothing was done, and the journal stays.
  case elsewhere(commit: ObjectID, checkout: String)
}

extension Repository {
  /// Looks for a landing journal and completes what it describes; nil when there is none. Can be repeated.
  ///
  /// After `.finished` and `.movedOn` the journal says so and stays until `endLanding`, so that a crash before the record is written loses
  /// nothing.
  package func finishLanding(
    journalDirectory: String
  ) async throws(GitError) -> LandingRecovery? {
    guard var journal = try LandingJournal.read(in: journalDirectory) else { return nil }
    // With nothing to follow but the record, any checkout will do; every one has a HEAD of its own.
    let isOthers = hasOtherCheckout(journal.checkout)
    guard !isOthers || journal.manner.isEnded && journal.branch != "HEAD" else {
      return .elsewhere(commit: journal.new, checkout: journal.checkout)
    }
    guard !isUnderWay(journal) else { return .underWay(commit: journal.new) }
    if !isOthers { try removeStaleLocks(journal, journalDirectory) }
    let tip = try store.target(of: journal.branch)
    if journal.manner != .landed {
      guard tip != journal.old, try store.hasHeld(journal.new, at: journal.branch) else {
        try LandingJournal.remove(in: journalDirectory)
        return .nothingMoved(commit: journal.new)
      }
    }
    guard try store.holds(journal.new, at: journal.branch) else {
      try LandingJournal.remove(in: journalDirectory)
      return .takenBack(commit: journal.new)
    }
    let head = try store.head()
    let isOurs = tip == journal.new && journal.checkout == checkoutName
    var isFollowed = journal.manner.isEnded
    if !isFollowed, isOurs, head.target == journal.branch {
      let blocked = try await follow(journal, journalDirectory)
      guard blocked.isEmpty else { return .blocked(commit: journal.new, paths: blocked) }
      try syncFiles(journal)
      isFollowed = true
    }
    journal.manner = .landed
    try journal.write(in: journalDirectory)
    return tip == journal.new && isFollowed
      ? .finished(commit: journal.new)
      : .movedOn(commit: journal.new, head: head.tip, isFollowed: isFollowed)
  }

  /// Brings index and files after the branch; returns the paths in the way, and then nothing was changed.
  private func follow(
    _ journal: LandingJournal, _ journalDirectory: String
  ) async throws(GitError) -> [RepositoryPath] {
    if journal.manner != .moving {
      try await followInIndex(journal, scratchDirectory: journalDirectory)
      return []
    }
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
    // What git can do in one go; but an index that followed already tells it nothing of files that did not.
    _ = try await moveFiles(journal.oldTree, journal.newTree)
    return try await completeFiles(journal, journalDirectory, takesTorn: true)
  }

  /// Brings each touched path that has the old or the new content to the new one; returns the others, and then does nothing.
  ///
  /// - Parameter takesTorn: whether a git may have been cut off, so that the beginning of the new content is what it left.
  func completeFiles(
    _ journal: LandingJournal, _ journalDirectory: String, takesTorn: Bool
  ) async throws(GitError) -> [RepositoryPath] {
    let notOldStaged = try await differingIndex(from: journal.oldTree)
    let notNewStaged = try await differingIndex(from: journal.newTree)
    var move = try await fileMove(
      from: journal.oldTree, to: journal.newTree, scratchDirectory: journalDirectory,
      takesTorn: takesTorn)
    move.blocked += move.changes.map(\.path).filter {
      notOldStaged.contains($0) && notNewStaged.contains($0) && !move.blocked.contains($0)
    }
    guard move.blocked.isEmpty else { return move.blocked.sorted() }
    let entries = move.changes.flatMap { indexLine($0.path, $0.new) }
    try await feed(entries, to: ["update-index", "-z", "--index-info"])
    for path in move.toRemove { try move.files.remove(path) }
    try await feed(move.toWrite, to: ["checkout-index", "-f", "-u", "-z", "--stdin"])
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
    return []
  }

  func feed(
    _ input: [UInt8], to arguments: [String], setting variables: [String: String] = [:]
  ) async throws(GitError) {
    var program = git.program(
      Self.durably + arguments, in: workDirectory, .plain, setting: variables)
    program.input = input
    _ = try await git.output(of: program)
  }

  /// Paths of `tree` whose files have another content, attributes applied, seen through a temporary index.
  func differing(
    from tree: ObjectID, _ journalDirectory: String
  ) async throws(GitError) -> Set<RepositoryPath> {
    let index = scratchIndex(in: journalDirectory)
    defer { unlink(index) }
    let variables = ["GIT_INDEX_FILE": index]
    _ = try await git.text(["read-tree", tree.hex], in: workDirectory, setting: variables)
    _ = try await git.result(
      of: git.program(
        ["update-index", "-q", "--refresh"], in: workDirectory, .quiet, setting: variables))
    let output = try await git.output(
      of: git.program(
        ["diff-files", "--no-ext-diff", "--ignore-submodules", "-z", "--name-only"],
        in: workDirectory, .quiet, setting: variables))
    return Set(output.split(separator: 0).map { RepositoryPath($0) })
  }

  /// A name for a temporary index, to be unlinked by who asks: two may be at work at once.
  func scratchIndex(in directory: String) -> String {
    "\(directory)/scratch-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).index"
  }

  func differingIndex(from tree: ObjectID) async throws(GitError) -> Set<RepositoryPath> {
    let output = try await git.output(
      of: git.program(
        ["diff-index", "--cached", "--no-renames", "--ignore-submodules", "-z", "--name-only"]
          + [tree.hex], in: workDirectory, .quiet))
    return Set(output.split(separator: 0).map { RepositoryPath($0) })
  }
}
