// The private refs that keep a session's objects from being collected.

package import Approval
import Glibc

/// An anchor of a session.
package enum SessionAnchor: Hashable, Sendable {
  /// The tree of the base that the session began on.
  case base
  /// The tree of the base that round `n` moved the session onto.
  case baseOfRound(Int)
  /// The proposal's tree of round `n`, counted from 1.
  case round(Int)
  /// The tree that was to be committed.
  case approved
  /// The files as they were before rejected hunks were removed from them.
  case backup

  /// The last component of the ref's name.
  package var name: String {
    switch self {
    case .base: "base"
    case .baseOfRound(let number): "base-\(number)"
    case .round(let number): "round-\(number)"
    case .approved: "approved"
    case .backup: "backup"
    }
  }

  init?(name: Substring) {
    switch name {
    case "base": self = .base
    case "approved": self = .approved
    case "backup": self = .backup
    default:
      let parts = name.split(separator: "-", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      switch parts[0] {
      case "round": self = .round(number)
      case "base": self = .baseOfRound(number)
      default: return nil
      }
    }
  }
}

extension Repository {
  /// The namespace of our refs; `git log --all` shows nothing of it, because the refs point at trees.
  package static let anchorNamespace = "refs/countersign/"

  /// Removes locks that a killed Countersign left on the session's refs.
  ///
  /// - Precondition: the caller holds the session's own lock, so that nobody else can be writing them.
  package nonisolated func removeStaleAnchorLocks(session: String) throws(GitError) {
    let directory = "\(commonDirectory)/\(Self.anchorNamespace)\(session)"
    for name in directoryNames(directory) where name.hasSuffix(".lock") {
      let path = "\(directory)/\(name)"
      guard unlink(path) == 0 || errno == ENOENT else {
        throw .system(attempt: "remove the stale lock", path: path, code: errno)
      }
    }
  }

  /// Points an anchor at `tree`, made or moved.
  package func setAnchor(
    _ anchor: SessionAnchor, session: String, tree: ObjectID
  ) throws(GitError) {
    // Libraries know the empty tree without an object of it; git fsck wants one where a ref points.
    if tree == .emptyTree { try store.writeEmptyTree() }
    try store.setReference(Self.reference(anchor, session), to: tree)
  }

  /// Anchors a session's first round and its base.
  package func anchorFirstRound(_ proposal: Proposal, session: String) throws(GitError) {
    try setAnchor(.base, session: session, tree: proposal.baseTree)
    try setAnchor(.round(1), session: session, tree: proposal.tree)
  }

  /// Anchors a round under the first number from `number` on that is not another round's, and returns that number.
  ///
  /// Rounds are made side by side: a number alone would let one take the anchor of another.
  ///
  /// - Parameter base: the base's tree, when the round moves the session onto another.
  package func anchorRound(
    from number: Int, session: String, tree: ObjectID, base: ObjectID?
  ) throws(GitError) -> Int {
    var number = number
    while !(try store.makeReference(Self.reference(.round(number), session), at: tree)) {
      number += 1
    }
    if let base { try setAnchor(.baseOfRound(number), session: session, tree: base) }
    return number
  }

  /// The anchors of a session and the trees they name.
  package func anchors(session: String) throws(GitError) -> [SessionAnchor: ObjectID] {
    var anchors: [SessionAnchor: ObjectID] = [:]
    let prefix = "\(Self.anchorNamespace)\(session)/"
    for (name, target) in try store.references(matching: prefix + "*") {
      guard let anchor = SessionAnchor(name: name.dropFirst(prefix.count)),
        let tree = ObjectID(hex: target)
      else { continue }
      anchors[anchor] = tree
    }
    return anchors
  }

  /// The identifiers of the sessions whose first round made `tree` of the tree `base`, sorted.
  package func sessions(
    from base: ObjectID, to tree: ObjectID
  ) throws(GitError) -> [String] {
    let references = try store.references(matching: Self.anchorNamespace + "*")
    return references.keys.compactMap { name -> String? in
      let parts = name.dropFirst(Self.anchorNamespace.count).split(separator: "/").map(String.init)
      guard parts.count == 2, parts[1] == SessionAnchor.round(1).name, references[name] == tree.hex,
        references[Self.reference(.base, parts[0])] == base.hex
      else { return nil }
      return parts[0]
    }.sorted()
  }

  /// The identifiers of all sessions that have anchors, sorted.
  package func anchoredSessions() throws(GitError) -> [String] {
    let names = try store.references(matching: Self.anchorNamespace + "*").keys
    let sessions = names.compactMap {
      $0.dropFirst(Self.anchorNamespace.count).split(separator: "/").first.map(String.init)
    }
    return Set(sessions).sorted()
  }

  /// Deletes all anchors of a session and returns them, for `restoreAnchors`.
  @discardableResult
  package func deleteAnchors(session: String) throws(GitError) -> [SessionAnchor: ObjectID] {
    let anchors = try anchors(session: session)
    for anchor in anchors.keys { try store.deleteReference(Self.reference(anchor, session)) }
    return anchors
  }

  package func restoreAnchors(
    _ anchors: [SessionAnchor: ObjectID], session: String
  ) throws(GitError) {
    for (anchor, tree) in anchors { try setAnchor(anchor, session: session, tree: tree) }
  }

  private static func reference(_ anchor: SessionAnchor, _ session: String) -> String {
    "\(anchorNamespace)\(session)/\(anchor.name)"
  }
}
