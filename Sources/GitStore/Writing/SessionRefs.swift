// The private refs that keep a session's objects from being collected.

package import Approval
import Glibc

/// An anchor of a session.
package enum SessionAnchor: Hashable, Sendable {
  /// The base's tree.
  case base
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
      guard name.hasPrefix("round-"), let number = Int(name.dropFirst(6)) else { return nil }
      self = .round(number)
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
    for name in ["base", "approved", "backup"] + (1...64).map({ "round-\($0)" }) {
      let path = "\(directory)/\(name).lock"
      guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
        throw .system(attempt: "remove the stale lock", path: path, code: errno)
      }
    }
  }

  /// Points an anchor at `tree`, made or moved.
  package func setAnchor(
    _ anchor: SessionAnchor, session: String, tree: ObjectID
  ) throws(GitError) {
    try store.setReference(Self.reference(anchor, session), to: tree)
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
